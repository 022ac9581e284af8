from django.urls import path

from apps.accounts.views import signing_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/<str:token>", signing_in.use_link, name="use_link"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/", signing_in.set_password, name="set_password"),
]

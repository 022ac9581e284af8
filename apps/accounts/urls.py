from django.urls import path

from apps.accounts.views import joining, signing_in, workspaces

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/<str:token>", signing_in.use_link, name="use_link"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/", signing_in.set_password, name="set_password"),
    path("invite/<str:token>", joining.invite, name="invite"),
    path("workspaces/new/", workspaces.new, name="new_workspace"),
]

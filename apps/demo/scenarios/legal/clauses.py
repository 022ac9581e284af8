# ruff: noqa: E501 -- prose reads best unbroken
"""The clauses that the legal sessions read and rewrite."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    heading: str
    found: str
    """As the other side wrote it."""
    remark: str
    redraft: str


CLAUSES = {
    "liability": Clause(
        "Limitation of liability",
        "The Supplier's total aggregate liability shall not exceed the fees paid in the [three|six] months"
        " preceding the claim, including liability for death or personal injury.",
        "The cap [catches|purports to include] death and personal injury, which UCTA 1977 s 2(1) does not"
        " allow. [That taints the whole clause|A court could strike the lot], so the carve-out comes first.",
        "Nothing in this **Agreement** limits liability which cannot be limited by law. Subject to that,"
        " each party's total liability in each **Contract Year** will not exceed <110..175>% of the **Charges** paid"
        " or payable in that **Contract Year**.",
    ),
    "termination": Clause(
        "Termination for convenience",
        "{counterparty} shall be entitled to terminate upon ten (10) days' notice without cause.",
        "[One-sided and short|Only {counterparty} has this right, and ten days is nothing]: {client} has"
        " committed capacity for the year. I have made it mutual with a wind-down.",
        "Either party may terminate this **Agreement** by giving at least <60..120> days' written notice."
        " {counterparty} must pay the **Wind-down Costs** within 30 days of the **Termination Date**.",
    ),
    "confidentiality": Clause(
        "Confidentiality",
        "The Recipient shall keep all information confidential in perpetuity.",
        "Perpetual for everything is [hard to police|unlikely to be enforced]. Five years, with trade secrets"
        " for as long as they are secret, is where [we usually land|the last three deals landed].",
        "The **Recipient** must keep **Confidential Information** confidential for five years after"
        " disclosure and, for a **Trade Secret**, for as long as it remains one.",
    ),
    "ip": Clause(
        "Intellectual property",
        "All Intellectual Property created in the course of the Services shall vest in {counterparty} upon creation.",
        "As drafted this takes [{client}'s background tools|the pre-existing libraries] along with the deliverables."
        " I split background from foreground and licensed the former.",
        "**Foreground IP** vests in {counterparty} on payment in full. {client} keeps **Background IP** and"
        " grants a non-exclusive licence of it so far as needed to use the **Deliverables**.",
    ),
    "data": Clause(
        "Data protection",
        "The Supplier shall comply with the GDPR.",
        "One line is [not enough|short of Article 28(3)]: no subject matter, no sub-processors, no audit."
        " I used the processor schedule and tied transfers to the **UK Addendum**.",
        "{client} must process **Personal Data** only on documented instructions, as set out in"
        " Schedule <2..5>, and must notify a **Personal Data Breach** within <24..48> hours of becoming aware of it.",
    ),
    "assignment": Clause(
        "Assignment",
        "Neither party shall assign this Agreement without consent, which may be withheld for any reason.",
        "{client} needs to move contracts inside its group. [A group carve-out is uncontroversial|They accepted"
        " the same carve-out last year].",
        "A party may assign this **Agreement** to a member of its **Group** on notice; any other"
        " assignment needs consent, not to be unreasonably withheld or delayed.",
    ),
    "payment": Clause(
        "Payment and interest",
        "Invoices shall be paid within ninety (90) days. No interest shall accrue.",
        "Ninety days with no interest is [not a substantial remedy|likely to fail] under the Late Payment of"
        " Commercial Debts (Interest) Act 1998. Thirty days and 4% over base is what finance asked for.",
        "{counterparty} must pay each undisputed invoice within 30 days of receipt. Late sums bear"
        " interest at 4% a year above the Bank of England base rate.",
    ),
    "service": Clause(
        "Service levels",
        "The Supplier shall use reasonable endeavours to meet the Service Levels.",
        "There is a table of levels and [nothing that happens when they are missed|no remedy behind it]."
        " I added credits and made them a price adjustment, so Makdessi is not in play.",
        "If {client} misses a **Service Level** in a month it must give a **Service Credit** of"
        " <2..6>% of that month's **Charges**, capped at 15%. Credits are a price adjustment.",
    ),
    "force": Clause(
        "Force majeure",
        "Neither party shall be liable for events beyond its control, including increases in the cost of materials.",
        "Rising prices are [a commercial risk, not force majeure|what the indexation clause is for]. Out.",
        "A party is not liable for a delay caused by a **Force Majeure Event**. A change in cost or"
        " in market conditions is not one. After <60..90> days either party may terminate.",
    ),
    "audit": Clause(
        "Audit",
        "{counterparty} shall have the right to audit at any time.",
        "No notice, no limit, [no confidentiality|no cost rule]. Once a year on ten business days' notice is"
        " the position in the playbook.",
        "{counterparty} may audit once in each **Contract Year** on 10 **Business Days**' notice, in"
        " working hours and at its own cost, unless the audit shows an overcharge above 5%.",
    ),
    "nonsolicit": Clause(
        "Non-solicitation",
        "The parties shall not hire any employee of the other for five years.",
        "Five years and [every employee|the whole workforce] will not stand as a restraint. Twelve months, and"
        " only people who worked on the project.",
        "For twelve months after **Completion** a party must not solicit a **Key Person** of the other."
        " A general advertisement is not solicitation.",
    ),
    "escrow": Clause(
        "Source code escrow",
        "The source code shall be released at {counterparty}'s sole discretion.",
        "Release at discretion is [a sale by another name|not an escrow]. I limited it to insolvency and"
        " to a support failure of thirty days.",
        "The **Escrow Agent** will release the **Source Materials** only after a **Release Event**:"
        " insolvency of {client}, or a failure of support that lasts 30 days.",
    ),
    "notices": Clause(
        "Notices",
        "Notices shall be sent by facsimile.",
        "Nobody at {client} [has a fax|remembers where the fax is]. Post, courier, and email to a named address"
        " with a copy by post for anything that ends the contract.",
        "Notices must be in writing and sent by courier or to the **Notice Address**. Notice of"
        " breach or termination must also be sent by first-class post.",
    ),
    "change": Clause(
        "Change control",
        "The Customer may vary the Services by notice and the Supplier shall comply.",
        "Changes by notice [leave the price behind|with no price effect are a blank cheque]. The usual"
        " request, estimate, signature.",
        "No **Change** has effect until both parties have signed a **Change Note** stating its effect"
        " on the **Charges** and the **Timetable**.",
    ),
}

AUTHORITIES = {
    "Cavendish Square Holding BV v Makdessi [2015] UKSC 67": "penalties: the test is whether the sum is out of"
    " all proportion to a legitimate interest in performance",
    "Triple Point Technology Inc v PTT Public Co Ltd [2021] UKSC 29": "liquidated damages accrue up to termination"
    " unless the clause clearly says otherwise",
    "Wood v Capita Insurance Services Ltd [2017] UKSC 24": "textualism and contextualism are tools, not rivals",
    "MWB Business Exchange Centres Ltd v Rock Advertising Ltd [2018] UKSC 24": "a no-oral-modification clause is"
    " effective",
    "Arnold v Britton [2015] UKSC 36": "commercial common sense does not rewrite clear words",
    "Unfair Contract Terms Act 1977, s 2(1)": "liability for death or personal injury from negligence cannot be"
    " excluded",
    "Late Payment of Commercial Debts (Interest) Act 1998, s 8": "statutory interest applies where the contract"
    " gives no substantial remedy",
    "Contracts (Rights of Third Parties) Act 1999, s 1": "third-party rights, unless excluded",
}

HOUSE_STYLE = """# Drafting style
- Defined terms: bold at the definition, initial capitals after.
- Numbers under ten in words, except in schedules and percentages.
- Dates as 4 March 2026. Money as GBP 25,000.
- Schedules are numbered, annexes are not used.
(last tidied by I. Solheim)
"""

PLAYBOOK = """# Positions we take
| point | first ask | walk away |
| --- | --- | --- |
| cap | 125% of annual charges | 200% |
| termination for convenience | mutual, 90 days | mutual, 60 days |
| audit | yearly, 10 business days' notice | twice a year |
| payment | 30 days | 45 days |
| service credits | price adjustment, capped 15% | capped 20% |
"""

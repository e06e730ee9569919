"""Swedish: why something ends, stays, is limited or is refused, by article of the GDPR."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "article.paragraph": ".{part}",
    "article.point": " {part}",
    "articles": "artiklarna {articles} i GDPR",
    # Art. 17(1), 21 and 7(3): why a use ends, and the data goes
    "because.ends.17(1)(a)": "uppgifterna behövs inte längre till det som de samlades in för",
    "because.ends.17(1)(b)": "det vilade på ditt samtycke, som inte gäller längre",
    "because.ends.17(1)(c), 21(2)": "du har sagt nej till direktmarknadsföring",
    "because.ends.17(1)(c), 21(1)": "du har sagt nej till användningen",
    "because.ends.17(1)(d)": "uppgifterna har använts utan stöd i lag",
    "because.ends.17(1)(e)": "lagen kräver att uppgifterna raderas",
    "because.ends.21(1)": "du har sagt nej till användningen",
    "because.ends.21(2)": "du har sagt nej till direktmarknadsföring",
    "because.ends.7(3)": "du har tagit tillbaka ditt samtycke",
    # Art. 17(3), 21(1): why it stays
    "because.stays.17(3)(a)": "uppgifterna behövs för yttrandefriheten och rätten till information",
    "because.stays.17(3)(b)": "vi måste spara uppgifterna enligt lag",
    "because.stays.17(3)(c)": "uppgifterna behövs för folkhälsan",
    "because.stays.17(3)(d)": "uppgifterna behövs för arkiv, forskning eller statistik i allmänt intresse",
    "because.stays.17(3)(e)": "uppgifterna behövs för att någon ska kunna hävda sin rätt i en tvist",
    "because.stays.21(1)": "det finns tvingande skäl att fortsätta, och de väger tyngre",
    "because.stays.6(1)": "uppgifterna behövs fortfarande till det som de samlades in för",
    "because.stays.21(1), (2)": "rätten att säga nej gäller inte den här användningen",
    "because.stays.not_asked": "din begäran gällde inte det här",
    "because.stays.held": "uppgifterna sparas så länge en tvist pågår, och raderas sedan",
    "because.stays.restricted": "uppgifterna är begränsade, och raderas när begränsningen upphör",
    # Art. 18(1): why it is stored and not used
    "because.limits.18(1)(a)": "du har sagt att uppgifterna är fel, och det prövas",
    "because.limits.18(1)(b)": "uppgifterna har använts utan stöd i lag, och du vill att de sparas hellre än raderas",
    "because.limits.18(1)(c)": "du behöver uppgifterna för att hävda din rätt i en tvist",
    "because.limits.18(1)(d)": "du har sagt nej till användningen, och det prövas om våra skäl väger tyngre",
    # Art. 18(2): what may be done all the same
    "allowed.consent": "det som du själv samtycker till",
    "allowed.legal_claims": "att hävda eller försvara en rätt i en tvist",
    "allowed.others_rights": "att skydda någon annans rättigheter",
    "allowed.public_interest": "det som ett viktigt allmänt intresse kräver",
    # Art. 12(5), 11(2)
    "because.refused.excessive": "begäran är orimlig, till exempel för att samma sak har begärts gång på gång",
    "because.refused.manifestly_unfounded": "begäran är uppenbart ogrundad",
    "because.refused.unidentified": "vi kan inte avgöra vilka uppgifter som är dina",
    "because.refused.exempt": "en lag gör undantag från det som du har begärt",
}

"""Swedish: what came of an objection, a withdrawn consent, a complaint and a claim; ways to show who one is."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    # Art. 21 and 7(3)
    "objection.title": "Besked om din invändning",
    "objection.lead": "Du har sagt nej till hur vi använder dina uppgifter. Så här blev det.",
    "withdrawal.title": "Besked om ditt samtycke",
    "withdrawal.lead": "Du har tagit tillbaka ditt samtycke. Så här blev det.",
    "withdrawal.nothing": "Inget av det du frågade om vilar på samtycke.",
    "objection.nothing": "Vi har inget om dig som din invändning gäller.",
    "use": "Användning",
    "use.companies": "Bolag",
    "use.every_company": "alla bolag i koncernen",
    "use.basis": "Vilar på",
    "use.stopped.object": "Upphörde genast",
    "use.stopped.withdraw": "Har upphört",
    "use.ended": "Har upphört efter prövning",
    "use.overridden": "Fortsätter efter prövning",
    "use.overridden.why": "Skäl som väger tyngre",
    "use.stopped.text.object": "Till direktmarknadsföring får du alltid säga nej, när som helst och utan att säga "
    "varför (artikel 21.2 i GDPR). Inget mer skickas.",
    "use.stopped.text.withdraw": "Det här vilade på ditt samtycke. Det som hände innan du tog tillbaka det var "
    "tillåtet (artikel 7.3 i GDPR). Du kan samtycka igen om du vill.",
    "use.ended.text": "Vi har prövat din invändning och slutar (artikel 21.1 i GDPR). Det vi bara hade för detta är "
    "raderat.",
    "use.overridden.text": "Här har vi skäl som väger tyngre än din invändning (artikel 21.1 i GDPR). Håller du inte "
    "med kan du klaga; hur står längre ner.",
    "lifted": "Medan vi prövade detta användes uppgifterna inte. Från dagen efter att du har fått det här brevet "
    "används de igen (artikel 18.3 i GDPR).",
    "use.undo": "Det vi bara har för detta används inte. Vi sparar det till och med den {day}, ifall du ändrar dig. "
    "Därefter raderas det.",
    "use.erased": "Det vi bara hade för detta är raderat.",
    "use.kept": "Används inte, men sparas",
    "use.untouched": "Berörs inte",
    "use.untouched.text.object": "Rätten att säga nej gäller det som vilar på berättigat intresse eller på en uppgift "
    "i allmänt intresse, och direktmarknadsföring (artikel 21 i GDPR). Det här vilar på något annat.",
    "use.untouched.text.withdraw": "Det här vilar inte på ditt samtycke, och fortsätter därför.",
    # Arts 77, 79 and 82
    "dispute.title.complain": "Vi har tagit emot ditt klagomål",
    "dispute.title.claim": "Vi har tagit emot ditt anspråk på skadestånd",
    "dispute.lead.complain": "Här står vem som handlägger ditt klagomål, vad vi har samlat om dig, och vart du kan "
    "vända dig utanför oss.",
    "dispute.lead.claim": "Här står vem som handlägger ditt anspråk, vad vi har samlat om dig, och hur du kan gå till "
    "domstol.",
    "dispute.handler": "Handlägger",
    "dispute.next": "Den som handlägger hör av sig till dig om själva saken. Ange ärendets nummer när du hör av dig.",
    "dispute.held": "Inget raderas så länge",
    "dispute.held.text": "Så länge saken inte är avgjord raderar vi inget av det vi har om dig, så att det finns kvar "
    "som behövs för att avgöra den (artikel 17.3 e i GDPR).",
    "dispute.held.review": "Senast den {day} ser vi efter om det fortfarande behövs.",
    "dispute.bundle": "Det här följer med",
    "dispute.bundle.text": "Vi skickar med det vi vet om dig, som det var den {day}: {rows} från {systems}.",
    "dispute.bundle.json": "{name}: alla uppgifter, varför vi har dem och till när, som datafil (JSON).",
    "dispute.bundle.zip": "{name}: samma uppgifter som tabeller (CSV), med en läsanvisning i readme.txt.",
    "systems": "{number} system",
    "systems.many": "{number} system",
    "dispute.routes.complain": "Vart du kan vända dig",
    "dispute.routes.claim": "Så går du vidare",
    "dispute.authority.complain": "Du kan klaga hos {authority}. Du behöver inte vänta på oss (artikel 77 i GDPR).",
    "dispute.authority.claim": "Du kan också klaga hos {authority}, som kan granska oss men inte dömer ut skadestånd "
    "(artikel 77 i GDPR).",
    "dispute.court.complain": "Du kan gå till domstol, där vi har verksamhet eller där du bor (artikel 79 i GDPR).",
    "dispute.court.claim": "Kommer vi inte överens kan du väcka talan vid domstol, där vi har verksamhet eller där du "
    "bor (artiklarna 79.2 och 82.6 i GDPR).",
    "dispute.whole.claim": "Är flera ansvariga för samma skada, den personuppgiftsansvarige eller ett biträde, kan du "
    "kräva hela ersättningen av vem som helst av dem (artikel 82.4 i GDPR).",
    "dispute.outcome.title.complain": "Besked om ditt klagomål",
    "dispute.outcome.title.claim": "Besked om ditt anspråk på skadestånd",
    "dispute.complain.upheld": "Vi har prövat ditt klagomål och ger dig rätt.",
    "dispute.complain.in_part": "Vi har prövat ditt klagomål och ger dig rätt till en del.",
    "dispute.complain.rejected": "Vi har prövat ditt klagomål och ger dig inte rätt.",
    "dispute.complain.withdrawn": "Du har tagit tillbaka ditt klagomål, och vi avslutar ärendet.",
    "dispute.claim.upheld": "Vi har prövat ditt anspråk och godtar det.",
    "dispute.claim.in_part": "Vi har prövat ditt anspråk och godtar det till en del.",
    "dispute.claim.rejected": "Vi har prövat ditt anspråk och avslår det.",
    "dispute.claim.withdrawn": "Du har tagit tillbaka ditt anspråk, och vi avslutar ärendet.",
    "dispute.handled": "Prövat av",
    "dispute.measures": "Vad vi gör",
    "dispute.still_held": "Dina uppgifter tills vidare",
    "dispute.still_held.text": "Du kan gå vidare, och därför raderar vi inget av det vi har om dig ännu (artikel "
    "17.3 e i GDPR).",
    # how to show who one is
    "way.sign_in": "Logga in där du brukar logga in hos oss, och skicka din begäran därifrån.",
    "way.code": "Låt oss skicka en kod till den e-postadress eller det telefonnummer som vi redan har, och svara "
    "med den.",
    "way.signature": "Skriv under din begäran för hand och skicka den med post. Svaret går då till din "
    "folkbokföringsadress.",
    "way.bank_id": "Legitimera dig med BankID eller en annan e-legitimation, om du har en.",
    "way.letter": "Låt oss skicka en kod med post till din folkbokföringsadress, och svara med den.",
    "way.forwarded": "Låt oss skicka en kod med post genom Skatteverkets förmedling, och svara med den.",
    "way.handler": "Tala med en handläggare hos oss, i telefon eller på plats.",
    "way.shown": "Visa en id-handling hos oss. Vi ser på den och sparar ingen kopia.",
    # an annex too long to print
    "annex.in_file": "{rows} är för många att skriva ut. De står alla i datafilen som hör till svaret. Vill du ha dem "
    "på papper får du dem; säg till.",
    "use.longest": "Olika länge, som längst till och med {day}",
    "use.longest.open": "Olika länge; en del har ingen sista dag än",
}

"""Swedish: the letters and messages of a request's life."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "kind.access": "tillgång till dina personuppgifter (artikel 15 i GDPR)",
    "kind.rectify": "rättelse (artikel 16 i GDPR)",
    "kind.erase": "radering (artikel 17 i GDPR)",
    "kind.restrict": "begränsning av behandling (artikel 18 i GDPR)",
    "kind.port": "dataportabilitet (artikel 20 i GDPR)",
    "kind.object": "invändning mot behandling (artikel 21 i GDPR)",
    "kind.withdraw": "återkallande av samtycke (artikel 7.3 i GDPR)",
    "kind.complain": "klagomål",
    "kind.claim": "skadestånd (artikel 82 i GDPR)",
    "request": "Din begäran",
    "received": "Kom in",
    "due": "Svar senast",
    "reasons": "Skäl",
    "ground": "Grund",
    "day": "Dag",
    "incomplete.done": "Allt är inte klart än. Det här återstår: {unread}. Vi återkommer.",
    "told": "Mottagare som har underrättats",
    "told.who": "Vi har underrättat dem som har fått uppgifterna: {names}.",
    "told.ask": "Du kan fråga oss vilka som har fått dina uppgifter (artikel 19 i GDPR).",
    "acknowledgement.title": "Vi har fått din begäran",
    "acknowledgement.lead": "Tack. Vi har tagit emot din begäran och svarar senast den {due}.",
    "acknowledgement.text": "Om vi behöver mer tid, eller behöver veta säkert att det är du, hör vi av oss innan dess. "
    "Det kostar inget att begära detta.",
    "acknowledgement.eves": "Räknat med aftnar som helgdagar är sista dagen {day}. Vi håller den tidigare.",
    "proof.title": "Vi behöver veta att det är du",
    "proof.lead": "Innan vi svarar på din begäran behöver vi vara säkra på att den kommer från dig. Annars kunde någon "
    "annan få dina uppgifter.",
    "proof.ways": "Du väljer själv ett av de här sätten",
    "proof.by": "Svara gärna senast den {day}.",
    "proof.pauses": "Tiden för vårt svar står still tills du har svarat.",
    "proof.goes_on": "Tiden för vårt svar löper som vanligt.",
    "proof.no_copy": "Skicka inte mer än vi ber om. Vi behöver sällan en kopia av en id-handling.",
    "extension.title": "Vi behöver mer tid",
    "extension.lead": "Vi hinner inte svara på din begäran inom en månad. Du får svar senast den {due}.",
    "extension.text": "Lagen tillåter upp till två månader till när en begäran är komplicerad eller de är många "
    "(artikel 12.3 i GDPR).",
    "refusal.title": "Vi kan inte göra det du har begärt",
    "refusal.lead": "Vi har prövat din begäran och avslår den. Här är skälen, och vad du kan göra.",
    "refusal.next": "Vad du kan göra",
    "erasure.title": "Besked om radering",
    "erasure.lead": "Du har begärt att vi raderar dina personuppgifter. Så här blev det.",
    "erasure.erased": "Raderat",
    "erasure.kept": "Sparas",
    "erasure.review": "Prövas ännu",
    "erasure.review.text": "Det här prövar vi fortfarande. Tills vidare används det inte. Du får ett eget besked.",
    "erasure.nothing": "Vi har inget om dig att radera.",
    "what": "Uppgifter",
    "purpose": "Användes till",
    "why": "Varför",
    "until": "Sista dag",
    "rectification.title": "Besked om rättelse",
    "rectification.lead": "Du har begärt att vi rättar uppgifter om dig. Så här blev det.",
    "rectification.own": "Vi har upptäckt att uppgifter om dig var fel. Så här har vi rättat dem.",
    "rectification.refused": "Uppgifter som inte ändrades",
    "before": "Före",
    "after": "Efter",
    "removed": "(borttaget)",
    "restriction.title": "Dina uppgifter används inte",
    "restriction.lead": "Från och med den {since} sparar vi dina uppgifter utan att använda dem (artikel 18 i GDPR).",
    "restriction.purposes": "Gäller",
    "restriction.all": "allt vi använder uppgifterna till",
    "restriction.allowed": "Ändå tillåtet",
    "restriction.none": "inget utöver att spara uppgifterna",
    "restriction.before": "Vi hör av oss till dig innan begränsningen upphör.",
    "transfer.title": "Dina uppgifter är överförda",
    "transfer.lead": "Som du har begärt överförde vi den {day} de uppgifter som du har lämnat till oss till {to} "
    "(artikel 20.2 i GDPR).",
    "transfer.receipt": "Fingeravtryck",
    "transfer.text": "Fingeravtrycket visar att de har fått just det som vi skickade. Vad de gör med uppgifterna "
    "svarar de själva för. Hos oss finns uppgifterna kvar så länge som vår policy säger.",
    "transfer.not.title": "Dina uppgifter kunde inte överföras direkt",
    "transfer.not.lead": "Du har begärt att vi överför dina uppgifter direkt till {to}. Det gick inte (artikel 20.2 i "
    "GDPR).",
    "transfer.not.text": "Uppgifterna finns i vårt svar till dig, i en form som du kan lämna till den du vill.",
    "lifting.title": "Begränsningen upphör snart",
    "lifting.lead": "Den {on} börjar vi använda dina uppgifter igen. Vi säger till innan det sker (artikel 18.3 i "
    "GDPR).",
    "lifting.text": "Om du inte håller med, hör av dig innan dess. Du kan också klaga.",
    "notice.title.rectify": "Rättade personuppgifter",
    "notice.title.erase": "Raderade personuppgifter",
    "notice.title.restrict": "Begränsade personuppgifter",
    "notice.lead.rectify": "Vi har rättat personuppgifter som ni har fått av oss. Rätta dem också hos er.",
    "notice.lead.erase": "Vi har raderat personuppgifter som ni har fått av oss. Radera dem också hos er, och alla "
    "kopior.",
    "notice.lead.restrict": "Behandlingen av personuppgifter som ni har fått av oss är begränsad. Spara dem, men "
    "använd dem "
    "inte förrän ni hör av oss igen.",
    "notice.law": "Vi är skyldiga att underrätta er (artikel 19 i GDPR).",
    "notice.person": "Gäller",
    "notice.agreement": "Avtal",
    "notice.answer": "Bekräfta senast",
    "notice.confirm": "Svara att det är gjort, eller varför det inte går, och ange ärendets nummer.",
    "forwarding.title": "Begäran om förmedling av post",
    "forwarding.lead": "Vi ber er förmedla det slutna kuvert som ligger i det här brevet till personen nedan, som har "
    "skyddade personuppgifter.",
    "forwarding.person": "Till",
    "forwarding.text": "Vi känner inte adressen och behöver inte få veta den. Innerkuvertet innehåller ett svar enligt "
    "dataskyddsförordningen och ska inte öppnas av någon annan än personen.",
    "forwarding.return": "Kan det inte förmedlas, skicka tillbaka innerkuvertet oöppnat till oss.",
    # messages by e-mail
    "mail.hello": "Hej,",
    "mail.case": "Ärende: {request}",
    "mail.acknowledgement.subject": "Vi har fått din begäran, ärende {request}",
    "mail.proof.subject": "En fråga om ditt ärende {request}",
    "mail.extension.subject": "Vi behöver mer tid, ärende {request}",
    "mail.lifting.subject": "Begränsningen upphör snart, ärende {request}",
    "mail.neutral.subject": "Du har ett meddelande från {who}",
    "mail.neutral": "Det finns ett meddelande till dig. Av säkerhetsskäl står inget om det här. Hör av dig till oss "
    "på det "
    "sätt som vi har kommit överens om.",
    "mail.never": "Svara inte med personuppgifter i e-post.",
    # a code by e-mail: nobody has been looked up, so it says nothing of what was asked, or of whom
    "code.subject": "Din kod",
    "code.lead": "Någon har angett den här adressen hos oss. Om det var du, skriv den här koden där du angav adressen:",
    "code.lasts": "Koden gäller i {minutes} minuter och bara en gång. Lämna den inte till någon annan.",
    "code.else": "Om det inte var du behöver du inte göra något.",
}

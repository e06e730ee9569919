"""Swedish: the answer to who asks for their data, and what every letter shares."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "months": "januari februari mars april maj juni juli augusti september oktober november december",
    "and": "och",
    "yes": "Ja",
    "no": "Nej",
    "nothing": "(inget värde)",
    "empty": "(tom text)",
    "at": "kl.",
    "decimal": ",",
    "bytes": "Binära data, {size} byte. De finns i sin helhet i datafilen.",
    "file": "Bifogad fil: {name}",
    "masked": "[annan persons uppgift]",
    # every letter
    "page": "Sida {{page}} av {{pages}}",
    "date": "Datum",
    "case": "Ärende",
    "regards": "Med vänlig hälsning",
    "registration": "org.nr {number}",
    "unshown": "Några tecken finns inte i brevets typsnitt och visas som □. De finns i sin helhet i datafilen, "
    "som du kan få av oss.",
    # legal bases, Art. 6(1)
    "basis.consent": "samtycke",
    "basis.contract": "avtal",
    "basis.legal_obligation": "rättslig förpliktelse",
    "basis.vital_interests": "skydd av grundläggande intressen",
    "basis.public_task": "uppgift av allmänt intresse",
    "basis.legitimate_interests": "berättigat intresse",
    "basis.unstated": "ingen rättslig grund är angiven i vår policy",
    "basis.none": "ingen",
    "article": "artikel {article} i GDPR",
    "article.6": "6.1 {letter}",
    "article.9": "9.2 {letter}",
    "special": "Känsliga uppgifter: tillåtet enligt {article}",
    # storage periods
    "period.years": "{number} år",
    "period.years.many": "{number} år",
    "period.months": "{number} månad",
    "period.months.many": "{number} månader",
    "period.days": "{number} dag",
    "period.days.many": "{number} dagar",
    "rule.after": "{period} efter: {start}",
    "rule.from": "{period} från och med: {start}",
    "rule.until": "till: {start}",
    "rule.end.month": "till slutet av månaden för: {start}",
    "rule.end.year": "till slutet av kalenderåret för: {start}",
    "rule.end.fiscal_year": "till slutet av räkenskapsåret för: {start}",
    "then.period": "{rule}, därefter {period}",
    "then.end.month": "{rule}, till månadens slut",
    "then.end.year": "{rule}, till kalenderårets slut",
    "then.end.fiscal_year": "{rule}, till räkenskapsårets slut",
    "rule.while": "så länge detta gäller: {state}",
    "rule.unstated": "ingen tid är angiven i vår policy",
    "keep.until": "Till och med {day}",
    "keep.least": "Minst till och med {day}",
    "keep.waiting": "Ingen sista dag än. Tiden räknas så här: {rule}",
    "keep.between": "Olika länge: från {first} till {last}. Sista dagen står vid varje uppgift.",
    "keep.some": "Olika länge. Sista dagen, eller att den inte är bestämd än, står vid varje uppgift.",
    "keep.not_yet": "ingen sista dag än",
    "why.unknown": "Det är inte känt när tiden började räknas, så uppgifterna sparas. Regeln är: {rule}",
    "why.while": "Så länge detta gäller: {rule}",
    "why.consent": "Så länge ditt samtycke gäller",
    "why.unstated": "Ingen tid är angiven i vår policy",
    "why.held": "De sparas tills en spärr mot radering hävs",
    "why.restricted": "De sparas men används inte, tills begränsningen upphör",
    "why.objected": "De sparas tills din invändning är prövad",
    "why.anybody": "De sparas tills det är klarlagt om de också handlar om någon annan",
    # where the data came from
    "provided": "Lämnat av dig",
    "observed": "Observerat av oss",
    "unknown": "Varifrån uppgiften kommer är inte antecknat",
    # regions, chapter V
    "safeguard.within": "inom EU/EES",
    "safeguard.adequacy": "land med adekvat skyddsnivå enligt EU-kommissionen",
    "safeguard.standard_clauses": "EU-kommissionens standardavtalsklausuler",
    "safeguard.binding_rules": "bindande företagsregler",
    "safeguard.derogation": "undantag enligt artikel 49 i GDPR",
    "safeguard.none": "utan skyddsåtgärd",
    # the answer
    "answer.title": "Dina personuppgifter hos {who}",
    "answer.title.port": "Dina uppgifter att ta med från {who}",
    "answer.subject": "Svar på begäran om tillgång enligt artikel 15 i GDPR",
    "answer.subject.port": "Svar på begäran om dataportabilitet enligt artikel 20 i GDPR",
    "answer.lead": "Du har frågat vilka personuppgifter vi har om dig. Här är svaret, som det såg ut den {day}. "
    "Uppgifterna är ordnade efter vad vi använder dem till.",
    "answer.lead.port": "Du har begärt att få ut de uppgifter som du själv har lämnat till oss. Här är de, som de såg "
    "ut den {day}. Samma uppgifter finns i filer som andra system kan läsa.",
    "answer.nobody": "Vi har inga personuppgifter om dig i de system som vi har sökt i.",
    "answer.nobody.port": "Vi har inga uppgifter som du har lämnat med stöd av samtycke eller avtal i de system som vi "
    "har sökt i.",
    "overview": "Kort om innehållet",
    "overview.what": "Vad vi använder uppgifterna till",
    "overview.company": "Bolag",
    "overview.until": "Sparas",
    "incomplete.title": "Svaret är inte fullständigt",
    "incomplete": "Vi har kunnat läsa {read} av {all} system. Det här kunde inte läsas än: {unread}. Vi återkommer.",
    "perhaps": "{number} post kan handla om dig, men vi vet inte säkert. Den är inte med i svaret förrän någon har "
    "prövat saken.",
    "perhaps.many": "{number} poster kan handla om dig, men vi vet inte säkert. De är inte med i svaret förrän någon "
    "har prövat saken.",
    "rows": "{number} post",
    "rows.many": "{number} poster",
    "basis": "Rättslig grund",
    "statute": "Lag",
    "keep": "Sparas",
    "shared": "Mottagare",
    "also": "Används också här",
    "also.at": "{what} (visas under ”{where}”)",
    "nowhere": "Övriga uppgifter",
    "nowhere.why": "Inget ändamål i vår policy gäller för de här uppgifterna i dag.",
    "no_company": "Bolag inte känt",
    "no_category": "Uppgifter om posten",
    "free_text": "Fri text",
    "of": "Post {number} av {all}",
    "data": "Uppgifter",
    "last_day": "Sparas till",
    "annex": "Bilaga {number}: {what}",
    "annex.see": "{rows} finns i bilaga {number} sist i brevet.",
    "recipients": "Vilka som har fått dina uppgifter",
    "recipients.none": "Ingen överlämning av dina uppgifter är antecknad, och inget av ändamålen har någon mottagare.",
    "recipient": "Mottagare",
    "recipient.why": "För vad",
    "recipient.when": "När",
    "recipient.where": "Var",
    "recipient.may": "kan ha fått dem; ingen enskild överföring är antecknad",
    "left_out": "Vad som inte är med",
    "left_out.masked": "På {number} ställe har vi dolt en annan persons uppgift. Där står {mark}. "
    "Svaret får inte kränka andras rättigheter ({article} i GDPR).",
    "left_out.masked.many": "På {number} ställen har vi dolt en annan persons uppgifter. Där står {mark}. "
    "Svaret får inte kränka andras rättigheter ({article} i GDPR).",
    "left_out.article": "artikel 15.4",
    "left_out.article.port": "artikel 20.4",
    "left_out.nothing": "Inget är utelämnat.",
    "not_carried.observed": "{number} uppgift, för att vi har iakttagit den och inte fått den av dig.",
    "not_carried.observed.many": "{number} uppgifter, för att vi har iakttagit dem och inte fått dem av dig.",
    "not_carried.other_basis": "{number} uppgift som vi har på en annan rättslig grund än samtycke eller avtal "
    "(artikel 20.1 i GDPR). Begär ett registerutdrag för att se allt som vi har om dig.",
    "not_carried.other_basis.many": "{number} uppgifter som vi har på en annan rättslig grund än samtycke eller avtal "
    "(artikel 20.1 i GDPR). Begär ett registerutdrag för att se allt som vi har om dig.",
    "not_carried.others": "{number} uppgift om dig som vi har med stöd av ett samtycke eller avtal som inte säkert är "
    "ditt.",
    "not_carried.others.many": "{number} uppgifter om dig som vi har med stöd av samtycken eller avtal som inte säkert "
    "är dina.",
    "not_carried.unsaid": "{number} uppgift, för att vi inte vet om du har lämnat den till oss.",
    "not_carried.unsaid.many": "{number} uppgifter, för att vi inte vet om du har lämnat dem till oss.",
    "automated": "Automatiska beslut och profilering",
    "automated.yes": "Det förekommer att beslut om dig fattas enbart automatiskt. Du har rätt att få veta hur, och att "
    "få beslutet prövat av en människa (artikel 22 i GDPR).",
    "automated.no": "Inga beslut om dig fattas enbart automatiskt, och du profileras inte på det sätt som avses i "
    "artikel 22 i GDPR.",
    "automated.unstated": "Vår policy säger inget om beslut som fattas enbart automatiskt. Fråga oss om du vill veta "
    "mer.",
    "rights": "Dina rättigheter",
    "rights.intro": "Du kan när som helst begära detta av oss. Det kostar inget.",
    "right.rectify": "Rättelse: att fel uppgifter rättas och att ofullständiga kompletteras.",
    "right.erase": "Radering: att uppgifter tas bort, om ingen lag eller annan grund kräver att de sparas.",
    "right.restrict": "Begränsning: att uppgifter sparas men inte används, till exempel medan vi utreder om de "
    "stämmer.",
    "right.port": "Dataportabilitet: att få ut uppgifter som du har lämnat med stöd av samtycke eller avtal.",
    "right.object": "Invändning: att säga nej till användning som vilar på berättigat intresse, och alltid till "
    "direktmarknadsföring.",
    "right.withdraw": "Återkalla samtycke: när som helst, för det som vilar på samtycke.",
    "complain": "Om du inte är nöjd",
    "complain.authority": "Du har rätt att klaga hos {authority} (artikel 77 i GDPR).",
    "complain.court": "Du kan också vända dig till domstol, och begära skadestånd (artiklarna 79 och 82 i GDPR).",
    "controller": "Personuppgiftsansvarig",
    "controller.each": "varje bolag för sin behandling",
    "controller.joint": "bolagen gemensamt",
    "officer": "Dataskyddsombud",
    "authority": "Tillsynsmyndighet",
    # readme.txt
    "readme.form": "Filerna är CSV enligt RFC 4180: kommatecken mellan fälten, alla fält inom citattecken, UTF-8 med "
    "byte order mark. Uppgifter som används till flera saker finns i flera filer.",
    "readme.defused": "Ett fält som börjar med = + - @, tabb eller ny rad kunde bli en formel i ett kalkylprogram. "
    "Därför "
    "står en apostrof (') först i fältet, och likaså i fält som själva börjar med en apostrof. Ta bort den första "
    "apostrofen för att få det exakta värdet. Vanliga tal är orörda.",
    "readme.json_text": "Där kolumnen type säger text/json är värdet en text med styrtecken, skriven som en "
    "JSON-sträng.",
    "readme.json": "Samma uppgifter som JSON; formen beskrivs i data.schema.json, och CSV-filernas i "
    "csv-metadata.json.",
    "readme.columns": "Kolumnerna (på engelska, för andra system):",
}

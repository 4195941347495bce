# Alles, was der Bot auf Discord sagt, auf Deutsch.

## Commands: a description of 100 characters at most for each, and for each of its options (plain)

command-train = Bring dem Bot bei, wie ein Text von dir zu schreiben.
    .file = Ein Text, ein exportierter Chat, Untertitel oder ein ZIP davon; je mehr, desto besser
    .channel = Lern statt aus einer Datei aus den Nachrichten dieses Kanals; dort wird es angekündigt
    .name = Wie das Modell heißen soll (wie die Datei, wenn du nichts wählst)
    .minutes = Wie viele Minuten es lernen darf (3, wenn du nichts wählst); länger ist besser
    .authors = Lern nur von diesen Leuten: Namen oder IDs, mit Kommas dazwischen
    .base = Ein Modell dieses Servers, das den Text zu dem lernt, was es schon kann
    .names = Lass den Namen vor jeder Nachricht stehen; so lernt es, wer was sagt
    .file2 = Eine zweite Datei, um aus allen zusammen zu lernen
    .file3 = Eine dritte Datei
    .file4 = Eine vierte Datei
    .file5 = Eine fünfte Datei
command-generate = Schreib einen Text in dem Stil, den ein Modell dieses Servers gelernt hat.
    .prompt = Der Anfang des Textes; das Modell schreibt von da an weiter
    .model = Welches Modell dieses Servers schreibt (das aktuelle, wenn du nichts wählst)
    .length = Wie viele Zeichen, 1 bis 8.000 (400, wenn du nichts wählst)
    .temperature = 0 geht auf Nummer sicher, 1 schreibt wie gelernt, 2 wird wild (sonst 0,8)
    .count = Wie viele Texte, 1 bis 4 (1, wenn du nichts wählst)
    .stop = Ein Text, vor dem Schluss ist, etwa ein Name; \n ist ein Zeilenumbruch
    .top_k = Wähle immer nur unter so vielen der wahrscheinlichsten Zeichen
    .top_p = Wähle nur unter den wahrscheinlichsten Zeichen mit diesem Anteil, etwa 0,9
    .seed = Irgendeine ganze Zahl; dieselbe schreibt denselben Text noch einmal
command-models = Sieh dir die Modelle dieses Servers an: wählen, umbenennen, löschen, ex- und importieren.
    .use = Schreib ab jetzt mit diesem Modell, ohne die Liste anzusehen
    .file = Ein Modell, das mit „{ button-export }“ entstanden ist, hier oder auf einem anderen Server
    .name = Wie das importierte Modell heißen soll (wie seine Datei, wenn du nichts wählst)
command-runs = Sieh, was auf diesem Server trainiert, wartet und trainiert hat; brich es ab oder beende es.
command-privacy = Sieh, was der Bot behält, lass es löschen, und entscheide, ob er aus deinen Nachrichten lernt.
command-settings = Wähl, wo der Bot schreibt, wer trainiert, wie oft, und welche Wörter nie vorkommen.
command-help = Sieh, was der Bot kann, wie du an eine gute Datei kommst und was er aufhebt.

## In the menu of a message: a name of 32 characters at most (plain)

menu-continue-text = Diesen Text fortsetzen

## Errors: one sentence that says what to do next (plain)

error-not-in-server = Das geht nur auf Servern; bitte benutze es auf einem.
error-no-run = Auf diesem Server wurde in letzter Zeit nichts trainiert; starte mit /train.
error-run-gone = Dieses Training ist schon zu Ende; starte ein neues mit /train.
error-nothing-learned = Bis jetzt ist noch nichts gelernt; bitte warte noch ein paar Sekunden oder brich es ab.
error-in-training = Dieses Modell ist schon im Training; bitte warte, bis das zu Ende ist, oder brich es ab.
error-no-model = Dieser Server hat noch kein Modell; mach eines mit /train und einer Textdatei.
error-model-not-found = Dieser Server hat kein solches Modell (mehr); /models zeigt alle, die er hat.
error-checkpoint-gone = Das Modell, das dafür nötig ist, gibt es nicht mehr; wähl ein anderes mit /models oder mach eines mit /train.
error-checkpoint-broken = Die Datei dieses Modells fehlt oder ist beschädigt; wähl ein anderes Modell mit /models oder trainiere es neu mit /train.
error-generation-gone = Dieser Text kann nicht mehr fortgesetzt werden; schreib einen neuen mit /generate.
error-disk-fails = Die Festplatte des Bots ist voll oder defekt, deshalb ging das nicht; bitte sag es dem Betreiber dieses Bots und versuch es später noch einmal.
error-stopping = Der Bot startet gleich neu; bitte versuch es in einer Minute noch einmal.
error-too-slow = Dieses Modell braucht für einen solchen Text länger als eine Minute; bitte wähl einen kürzeren.
error-name-taken = Dieser Server hat schon ein Modell namens { $name }; bitte wähl einen anderen Namen.
error-name-invalid = { $flaw ->
    [hidden] Dieser Name hat Zeichen, die man nicht sieht
    [blank] Dieser Name hat am Anfang nichts, was man sieht
   *[long] Dieser Name hat { $characters } Zeichen
 }; bitte wähl einen mit 1 bis 40 sichtbaren Zeichen.
error-out-of-range = Bitte wähl { $option ->
    [stop] die Länge des Stopptexts
   *[other] { $option }
 } zwischen { $low } und { $high }.
error-authors-invalid = In authors steht kein Name; bitte gib welche an, etwa so: Ann, "Smith, John".
error-too-many-runs = { $whose ->
    [server] Dieser Server hat
   *[person] Du hast
 } schon { $limit ->
    [one] ein Training
   *[other] { $limit } Trainings
 } in der Warteschlange; bitte warte, bis eines begonnen hat, oder brich eines ab.
error-without-effect = Bei Temperatur 0 kommt immer das wahrscheinlichste Zeichen, also würde { $option } nichts ändern; bitte lass { $option } weg oder wähl eine höhere Temperatur.
error-same-texts = { $option ->
    [top_k] Mit top_k 1 wären alle Texte gleich; bitte wähl ein höheres top_k oder count 1.
   *[temperature] Bei Temperatur 0 wären alle Texte gleich; bitte wähl eine höhere Temperatur oder count 1.
 }
error-prompt-too-long = Ein Anfang hat höchstens { $limit } Zeichen; bitte kürz deinen.
error-prompt-not-kept = Wovon dieser Text ausgeht, wird nicht aufbewahrt; bitte wähl für die Nachricht noch einmal „{ menu-continue-text }“.
error-message-without-text = In dieser Nachricht steht kein Text, der sich fortsetzen lässt; bitte wähl eine mit Text.
error-always-the-same = Bei Temperatur 0 oder mit top_k 1 ist dieser Text immer derselbe; drück „{ button-edit-prompt }“ oder schreib einen mit /generate und anderen Optionen.
error-temperature-end = Dieser Text kann nicht { $direction ->
    [colder] kälter
   *[hotter] heißer
 } werden als Temperatur { $temperature }; drück „{ button-again }“ für einen anderen.
error-corpus-gone = Der Text dieses Trainings ist nicht mehr da; um davon weiterzumachen, nimm noch einmal /train mit derselben Datei oder demselben Kanal und wähl { $name } als base.
error-choice-invalid = Das gibt es hier nicht (mehr); bitte wähl aus dem, was angezeigt wird.
# Was nur darf, wer es gemacht hat oder den Server verwaltet.
error-not-allowed = Nur wer es gemacht hat und Mitglieder mit „Server verwalten“ dürfen { $action ->
    [cancel] es abbrechen
    [finish] es beenden
    [train-longer] dieses Modell länger trainieren
    [use] zu diesem Modell wechseln
    [use-checkpoint] seinen Speicherstand wählen
    [rename] es umbenennen
    [delete] es löschen
   *[other] es ändern
 }; bitte frag jemanden davon.

## Errors: files (plain)

error-file-empty = { $file ->
    [0] Diese Datei
   *[other] Datei { $file }
 } ist leer; bitte häng eine an, in der Text steht.
error-file-too-large = { $file ->
    [0] Diese Datei
   *[other] Datei { $file }
 } hat { size-mebibytes }, aber höchstens { NUMBER($limit, maximumFractionDigits: 0) } MiB können gelesen werden; bitte häng eine kleinere an.
error-files-too-large = Diese Dateien haben zusammen { size-mebibytes }, aber höchstens { NUMBER($limit, maximumFractionDigits: 0) } MiB können gelesen werden; bitte häng weniger oder kleinere an.
error-download-failed = Die Datei konnte nicht von Discord geladen werden; bitte schick sie noch einmal.
error-download-slow = Die Datei kam zu langsam von Discord; bitte schick sie später noch einmal, oder eine kleinere.
error-corpus-too-long = Dieser Text hat { $characters } Zeichen; höchstens { $limit } können gelernt werden, also häng bitte einen kürzeren an.
error-import-refused = Diese Datei kann nicht importiert werden: { $reason }; bitte häng eine an, die „{ button-export }“ in /models gemacht hat.

## Errors: channels (plain)

error-one-source = Bitte häng eine Datei an oder wähl einen Kanal, aus dem gelernt wird: eins von beiden.
error-channels-off = Dieser Bot liest keine Kanäle; bitte häng eine Datei an, aus der er lernt.
error-not-allowed-to-read = Nur Mitglieder mit „Server verwalten“ dürfen den Bot einen Kanal lesen lassen; bitte frag eines davon oder häng eine Datei an.
error-channel-hidden = Du kannst diesen Kanal und seinen Nachrichtenverlauf selbst nicht sehen; bitte wähl einen anderen.
error-bot-lacks = In diesem Kanal fehlt dem Bot { $permissions }; bitte gib ihm dort { $count ->
    [one] dieses Recht
   *[other] diese Rechte
 } oder wähl einen anderen Kanal.
# Wie Discord sie nennt.
permission = { $name ->
    [view_channel] „Kanal ansehen“
    [read_message_history] „Nachrichtenverlauf anzeigen“
    [send_messages] „Nachrichten senden“
    [send_messages_in_threads] „Nachrichten in Threads senden“
   *[other] { $name }
 }

## Buttons: 80 characters at most, better 20 (plain)

button-cancel = Abbrechen
button-finish = Jetzt beenden
button-generate = Schreiben
button-train-longer = Länger trainieren
button-continue = Fortsetzen
button-again = Noch einmal
button-hotter = Heißer
button-colder = Kälter
button-edit-prompt = Anfang ändern
button-all-models = Alle Modelle
button-search = Suchen
button-use = Verwenden
button-rename = Umbenennen
button-delete = Löschen
button-confirm-deletion = Ja, löschen
button-keep = Behalten
button-export = Exportieren
button-leave-out = Mich auslassen
button-take-in = Mich wieder aufnehmen
button-continue-one = { button-continue } { $number }
button-previous = Zurück
button-next = Weiter
button-show-all = Alle zeigen
button-all-runs = Alle Trainings
button-privacy = Datenschutz
button-settings = Einstellungen
button-delete-given = Löschen, was von mir ist
button-delete-everything = Alles von diesem Server löschen

## What buttons, forms and menus refuse: one sentence that says what to do next (plain)

error-button-outdated = Diesen Knopf gibt es nicht mehr; bitte nimm /generate oder /models, dort gibt es neue.
error-form-outdated = Dieses Formular gibt es nicht mehr; bitte öffne es noch einmal.
error-command-outdated = Dieser Befehl hat sich geändert, seit Discord ihn dir gezeigt hat; bitte versuch es in ein paar Minuten noch einmal.
error-value-impossible = { $value } geht hier nicht; bitte wähl einen anderen Wert.
error-not-here = Dieser Befehl geht hier nicht; bitte versuch es in einem anderen Kanal.
error-unexpected = Etwas ist schiefgegangen, das nicht schiefgehen sollte; bitte versuch es noch einmal und gib, wenn es wieder passiert, dem Betreiber dieses Bots das Kennzeichen `{ $reference }`.
error-discord-fault = Discord hat gerade eine Störung; bitte versuch es in ein paar Minuten noch einmal.
error-no-place = Der Bot darf in diesem Kanal nicht schreiben, du könntest beim Training also nicht zusehen; wähl einen anderen Kanal oder bitte die Moderation, dass er diesen hier sehen und darin Nachrichten senden darf.
error-channel-not-told = Der Bot darf in dem Kanal, den er lesen soll, nicht schreiben und muss ihn dort ankündigen; lass ihn dort Nachrichten senden oder wähl einen anderen Kanal.
error-no-number = Bitte gib die Minuten als Zahl an, höchstens { NUMBER($most, useGrouping: 0) }.
error-export-too-large = Dieser Speicherstand hat { size-mebibytes }, und hier lassen sich nur Dateien bis { NUMBER($limit, maximumFractionDigits: 0) } MiB senden; frag den Betreiber dieses Bots danach.
error-use-and-import = Ein importiertes Modell lässt sich mit dem Knopf auf seiner Karte verwenden; bitte lass use oder import weg.
error-name-alone = Die Option name ist für ein importiertes Modell; um eines umzubenennen, drück auf seiner Karte „{ button-rename }“.

## Forms: 45 characters at most for a title or a field's name, 100 for a description (plain)

form-rename = Modell umbenennen
    .name = Neuer Name
form-search = Suchen
    .name = Ein Teil des Namens
form-prompt = Anfang ändern
    .prompt = Anfang
    .description = Von hier an schreibt das Modell weiter.
form-longer = Länger trainieren
    .minutes = Minuten
    .given = { NUMBER($minutes, useGrouping: 0, maximumFractionDigits: 2) }
form-everything = Alles von diesem Server löschen
    .word = Gib zum Bestätigen „{ $word }“ ein
    .description = Alle Modelle, Trainings, Texte und Einstellungen verschwinden. Es gibt kein Zurück.

## Figures (plain)

bits-per-character = { NUMBER($bits, minimumFractionDigits: 2, maximumFractionDigits: 2) } Bit pro Zeichen
and-more = und { $more } weitere
size-mebibytes = { NUMBER($size, minimumFractionDigits: 1, maximumFractionDigits: 1) } MiB
size-kibibytes = { NUMBER($size, maximumFractionDigits: 0) } KiB
share = { $percent } %
duration-seconds = { $seconds } s
duration-minutes = { $minutes } min { NUMBER($seconds, minimumIntegerDigits: 2) } s
duration-hours = { $hours } h { NUMBER($minutes, minimumIntegerDigits: 2) } min

## /train (Markdown)

begun = **{ $name }** lernt daraus; die Nachricht in diesem Kanal zeigt, wie weit es ist.
begun-with-channel = Erst wird der Kanal gelesen, dann lernt **{ $name }** daraus; die Nachricht in diesem Kanal zeigt, wie weit es ist.

## The card of a training (Markdown)

card-about-to-read = { $name } liest gleich { $channel }
card-reads = { $name } liest { $channel }
card-read-so-far =
    { $messages ->
        [one] Bis jetzt { $messages } Nachricht, zurück bis { MONTH($back_to) }.
       *[other] Bis jetzt { $messages } Nachrichten, zurück bis { MONTH($back_to) }.
    }
card-reading-delayed = Discord antwortet gerade nicht; das Lesen geht weiter, sobald es das tut.
card-waits = { $name } wartet, bis es dran ist
    .why =
        { $before ->
            [one] Ein Training kommt vorher.
           *[other] { $before } Trainings kommen vorher.
        }
card-begins = { $name } fängt gleich an zu lernen
card-goes-on = { $name } macht weiter
    .why = Der Bot wurde neu gestartet; es geht da weiter, wo zuletzt gespeichert wurde.
card-learns = { $name } lernt
card-learns-on = { $name } lernt weiter
card-gets-ready = macht sich bereit
card-time-left = noch { $time }
card-nearly-done = fast fertig
card-figure = **{ NUMBER($bits, minimumFractionDigits: 2, maximumFractionDigits: 2) }** Bit pro Zeichen
card-figure-falls = { card-figure }, anfangs { NUMBER($first, minimumFractionDigits: 2, maximumFractionDigits: 2) }
card-sample = Was es nach { $time } schreibt
card-finishing = Es endet jetzt und behält seinen besten Stand; gleich steht das auch auf der Karte.
    .later = Es endet, sobald es besser ist als am Anfang, und behält seinen besten Stand; das steht dann auch auf der Karte.
card-canceled = { $name } wurde abgebrochen
    .why = Nichts davon wurde behalten.
card-failed = { $name } konnte nicht trainiert werden
    .unknown = Der Grund ist nicht bekannt.
    .next = Fang mit `/train` noch einmal an; geht auch das schief, sag es dem Betreiber dieses Bots.
card-finished = { $name } hat schreiben gelernt
    .next = Dieser Server schreibt jetzt damit: `/generate`. Alle seine Modelle: `/models`.
card-work = { NUMBER($passes, minimumFractionDigits: 1, maximumFractionDigits: 1) } Durchgänge durch den Text in { $time }.
remark-early = Es hörte früher auf: Mit mehr Zeit hätte es den Text nur auswendig gelernt.
remark-asked = Jemand hat es früher beendet; das ist der beste Stand, den es bis dahin hatte.
remark-recovered = Es ist { $times ->
    [one] einmal
   *[other] { $times } Mal
 } aus dem Ruder gelaufen und ging vom besten Stand langsamer weiter.
remark-new = { $percent } % von dem, was es schreibt, ist neu.
remark-recites = Es sagt Teile seines Textes auf: Nur { $percent } % von dem, was es schreibt, ist neu; eine höhere Temperatur hilft, oder ein längerer Text, der sich weniger wiederholt.
card-temperature = Temperatur { $temperature }
card-first-sample = Eine erste Kostprobe
card-told-directly = Du bekommst das hier, weil der Bot in { $channel } nicht mehr schreiben darf.
# What a picture shows, for those who do not see it (plain).
card-curve = Die Lernkurve: Bit pro Zeichen im Lauf der Zeit

## In the picture of a loss curve (plain, a word or two each)

curve-bits = Bit pro Zeichen
curve-training = Training
curve-validation = Prüfung
curve-seconds = Sekunden
curve-minutes = Minuten
curve-hours = Stunden
# Between whole numbers and fractions.
curve-point = ,

## Below a text (Markdown; numbers with all their digits, so that they can be typed again)

text-temperature = Temperatur { NUMBER($temperature, maximumFractionDigits: 9) }
text-top-k = Top k { $top_k }
text-top-p = Top p { NUMBER($top_p, maximumFractionDigits: 9) }
text-stop = bis „{ $stop }“
text-seeds =
    { $count ->
        [one] Seed { $seeds }
       *[other] Seeds { $seeds }
    }
text-earlier = Die Datei des Modells fehlt oder ist beschädigt, deshalb hat sein früherer Speicherstand von Schritt { $step } das geschrieben; wähl ihn mit `/models`, oder trainiere das Modell neu.
text-skipped = Im Anfang ausgelassen, weil das Modell es nicht kennt: { $characters }
text-never = Der Stopptext kann nicht vorkommen, weil das Modell es nicht kennt: { $characters }
text-and-more = { $characters } und { $more } mehr

## /models (Markdown, but for what stands in menus, pictures and forms)

models-title = Die Modelle dieses Servers
models-count =
    { $count ->
        [one] { $count } Modell
       *[other] { $count } Modelle
    }
models-found = { models-count } mit „{ $search }“ im Namen
models-page = Seite { $page } von { $pages }
models-none-left = Kein Modell ist mehr da; mach eines mit `/train` und einer Textdatei.
models-look-at = Ein Modell ansehen
models-another-checkpoint = Mit einem anderen Speicherstand schreiben
models-checkpoint-used = Das Modell schreibt jetzt mit seinem Speicherstand von Schritt { $step }.
models-used = Dieser Server schreibt jetzt mit **{ $name }**.
models-renamed = Das Modell heißt jetzt **{ $name }**.
models-imported = **{ $name }** ist importiert.
models-deletion-question = **{ $name }** mit allen Speicherständen löschen? Das lässt sich nicht rückgängig machen.
models-deleted = **{ $name }** ist gelöscht.

order-newest = Neueste zuerst
    .within = neueste zuerst
order-name = Nach Namen
    .within = nach Namen
order-best = Beste zuerst
    .within = beste zuerst
order-last-used = Zuletzt verwendete zuerst
    .within = zuletzt verwendete zuerst

model-in-use = aktuell
model-writes = Dieser Server schreibt damit.
model-curve = Die Lernkurve von { $name }
model-step = Schritt { $step }
model-source = aus { $characters } Zeichen
model-not-measured = nicht gemessen
model-fewer-is-better = weniger ist besser
model-novelty = **{ share }** von dem, was es schreibt, ist neu
model-learned = Gelernt aus { $characters } Zeichen
model-learned-often = { model-learned }, { NUMBER($passes, minimumFractionDigits: 1, maximumFractionDigits: 1) } Mal gelesen
model-parameters = { $parameters } Parameter
model-base = Grundlage: { $name }
model-base-own = Grundlage: ein früherer Speicherstand von ihm selbst
model-base-elsewhere = Grundlage: ein Modell, das dieser Server nicht hat
model-trained-by = Trainiert von { $who } { $when }
model-imported-by = Importiert von { $who } { $when }, ohne Lernkurve

## Deleting for good: errors (plain)

error-not-allowed-to-purge = Nur Mitglieder mit „Server verwalten“ dürfen alles von diesem Server löschen; bitte frag eines von ihnen.
error-not-confirmed = Es wurde nichts gelöscht; zum Bestätigen gib bitte genau „{ $word }“ ein.
error-being-deleted = Was du oder dieser Server beigesteuert hat, wird gerade gelöscht; bitte versuch es in einer Minute noch einmal.

## What a server has chosen, and the operator's limits: one sentence each (plain)

error-writes-elsewhere = Auf diesem Server schreibt der Bot in anderen Kanälen; bitte wähl einen von denen.
error-role-missing = Auf diesem Server trainieren nur Mitglieder mit bestimmten Rollen; bitte frag eines von ihnen oder jemanden aus der Moderation nach der Rolle.
error-write-cooldown = Bitte warte noch { $left }; auf diesem Server liegen { $cooldown } zwischen zwei Texten für eine Person.
error-train-cooldown = Bitte warte noch { $left }; auf diesem Server liegen { $cooldown } zwischen zwei Trainings einer Person.
error-minutes-used = { $whose ->
    [server] Dieser Server hat
   *[person] Du hast
 } innerhalb von 24 Stunden noch { $left } von { $limit ->
    [one] { $limit } Minute
   *[other] { $limit } Minuten
 } Training; bitte wähl weniger Minuten oder versuch es in { $wait } wieder.
error-too-many-imports = { $whose ->
    [server] Dieser Server importiert
   *[person] Du importierst
 } schon { $limit ->
    [one] ein Modell
   *[other] { $limit } Modelle
 }; bitte warte, bis das erste fertig ist.
error-too-many-models = Dieser Server hat { $limit ->
    [one] ein Modell, vielleicht noch im Training,
   *[other] { $limit } Modelle, die im Training eingeschlossen,
 } und mehr dürfen es nicht sein; bitte lösch eines mit /models.
error-too-many-checkpoints = Dieses Modell wurde { $limit ->
    [one] einmal
   *[other] { $limit }-mal
 } trainiert, und öfter geht es nicht; bitte mach in einem neuen weiter, mit /train und diesem als base.
error-stock-full = Damit hätte alles, was dieser Server aufhebt, { size-mebibytes } von { NUMBER($limit, maximumFractionDigits: 0) } MiB; bitte lösch ein Modell mit /models oder versuch es wieder, wenn der Text eines Trainings nicht mehr da ist.

## /privacy (Markdown)

privacy-kept = Datenschutz: was behalten wird
    .files = **Dateien** für /train oder zum Importieren mit /models, bis sie gelesen sind.
    .text =
        { $hours ->
            [0] **Der Text** eines Trainings, bis es zu Ende ist.
            [one] **Der Text** eines Trainings, bis { $hours } Stunde nach seinem Ende.
           *[other] **Der Text** eines Trainings, bis { $hours } Stunden nach seinem Ende.
        }
    .models = **Modelle** und wer sie trainiert hat, bis jemand sie löscht.
    .records =
        { $days ->
            [one] **Anfänge** und wo Texte aufhörten, damit „{ button-continue }“ geht, und beendete Trainings, { $days } Tag lang.
           *[other] **Anfänge** und wo Texte aufhörten, damit „{ button-continue }“ geht, und beendete Trainings, { $days } Tage lang.
        }
    .talk =
        { $days ->
            [one] **Was man dem Bot sagt**, wird nirgends behalten: Er liest es einmal, und ein Zustand aus Zahlen bleibt, bis dort { $days } Tag lang niemand mit ihm spricht.
           *[other] **Was man dem Bot sagt**, wird nirgends behalten: Er liest es einmal, und ein Zustand aus Zahlen bleibt, bis dort { $days } Tage lang niemand mit ihm spricht.
        }
    .choices = **Was gewählt wurde**: in /settings, und wer ausgelassen wird, solange es gilt. **Fehlerprotokolle** von Trainings, höchstens { $log_days } Tage.
    .where = Alles bleibt auf dem Rechner, auf dem dieser Bot läuft.
privacy-messages = Deine Nachrichten
    .off = Dieser Bot liest keine Kanäle; er lernt aus Dateien, die jemand anhängt.
    .off-left-out = Sollte sich das je ändern, wird auf diesem Server **ausgelassen**, was du schreibst.
    .taken-in = Mitglieder mit „Server verwalten“ können den Bot einen Kanal lesen lassen. Er kündigt es dort an und lernt aus dem, was die Leute schreiben, auch aus dem, was du schreibst.
    .left-out = Mitglieder mit „Server verwalten“ können den Bot einen Kanal lesen lassen. Was du schreibst, wird auf diesem Server **ausgelassen**. Ein Modell, das schon gelernt hat, bleibt, wie es ist.
# What a channel is told before it is read.
privacy-announcement =
    { $who } lässt diesen Bot aus diesem Kanal lernen: Er liest die Nachrichten hier, die neuesten zuerst, und macht daraus ein Modell, **{ $name }**, mit dem alle auf diesem Server schreiben können.
    Willst du das nicht, drück den Knopf oder benutze `/privacy`, während er liest: Dann wird nichts gelernt, was du geschrieben hast, jetzt nicht und später nicht. Bots werden in jedem Fall ausgelassen.

## /runs (Markdown, but for the menu)

runs-title = Die Trainings dieses Servers
runs-count =
    { $count ->
        [one] { $count } Training
       *[other] { $count } Trainings
    }
runs-look-at = Ein Training ansehen
run-waits = wartet, bis es dran ist
run-reads = liest { $channel }
run-trains = läuft
run-finished = fertig
run-failed = gescheitert
run-canceled = abgebrochen
run-took = dauerte { $time }
run-asked = für { $time }
run-card = seine Nachricht
run-model = Sein Modell: **{ $name }**
run-model-gone = Sein Modell ist gelöscht.

## Deleting for good (Markdown)

# Was man eintippt, um das Löschen zu bestätigen.
deletion-word = löschen
deletion-question = Löschen, was von dir auf diesem Server ist?
    .again = Es ist nicht mehr dasselbe wie vorhin: Bitte sieh noch einmal hin.
    .models =
        { $count ->
            [one] **Ein Modell**, für den ganzen Server:
           *[other] **{ $count } Modelle**, für den ganzen Server:
        }
    .runs =
        { $count ->
            [one] **Ein Training** mit seinem Text; wartet oder läuft es noch, wird es abgebrochen.
           *[other] **{ $count } Trainings** mit ihren Texten; was noch wartet oder läuft, wird abgebrochen.
        }
    .texts =
        { $count ->
            [one] **Anfang und Zustand von einem Text**; seine Knöpfe gehen dann nicht mehr.
           *[other] **Anfang und Zustand von { $count } Texten**; ihre Knöpfe gehen dann nicht mehr.
        }
    .conversations =
        { $count ->
            [one] **Was der Bot von einem Gespräch weiß**, das auf diesem Server geführt wird, von allen: Was du gesagt hast, lässt sich nicht von dem trennen, was andere gesagt haben.
           *[other] **Was der Bot von { $count } Gesprächen weiß**, die auf diesem Server geführt werden, von allen: Was du gesagt hast, lässt sich nicht von dem trennen, was andere gesagt haben.
        }
    .stays = Es bleibt, was in Discords Nachrichten steht, was andere auf deinen Modellen aufgebaut haben, und ob du ausgelassen wirst. Es gibt kein Zurück.
deletion-nothing = Auf diesem Server wird nichts von dir behalten.
deletion-not-done = Es wurde nichts gelöscht.
deletion-of-given = Gelöscht ist alles, was von dir auf diesem Server war. Was in Discords Nachrichten steht, bleibt dort; das kannst du dort löschen.
deletion-of-everything = Alles von diesem Server ist gelöscht. Was in Discords Nachrichten steht, bleibt dort; das kannst du dort löschen.

## Why a run failed (plain)

error-channel-gone = Der Kanal wurde gelöscht, während er gelesen wurde, oder der Bot wurde von seinem Server entfernt; bitte wähl einen anderen Kanal oder häng eine Datei an.
error-channel-closed = Der Bot darf den Kanal nicht mehr lesen; bitte lass ihn den Kanal ansehen und seinen Nachrichtenverlauf lesen und fang noch einmal an.
reason-unannounced = Der Bot wurde neu gestartet, bevor dieses Training beginnen konnte.
reason-not-read = Der Bot wurde neu gestartet, bevor er den Kanal lesen konnte; bitte fang noch einmal an.
reason-unusable = Das Modell, das dabei herauskam, lässt sich nicht verwenden.
reason-disk-fails = Die Festplatte des Bots ist voll oder fehlerhaft.
reason-unexpected = Im Bot ist etwas schiefgegangen.

## What training and models say: the same in English as on the command line (plain)

# Ein Satz für den Betreiber des Bots, auf Englisch.
training-other = Das Training ist unerwartet fehlgeschlagen: { $sentence }
training-out-of-memory = Für dieses Training reichte der Arbeitsspeicher nicht; bitte versuch es später noch einmal oder mit einem kürzeren Text.
training-disk-refused = Die Festplatte hat nicht angenommen, was das Training schreiben wollte ({ $reason }); bitte schaff Platz und versuch es noch einmal.
training-loss-unbounded = Das Lernen ist immer wieder aus dem Ruder gelaufen, auch mit immer kleineren Lernraten; bitte versuch es mit einem anderen Text.
training-unforeseen = Das Training ist unerwartet fehlgeschlagen ({ $kind }); bitte versuch es noch einmal, mehr steht in seinem Log.
training-run-lost = Das Training ist { $times } Mal abgebrochen, obwohl es immer da weiterging, wo es war; zuletzt { $end ->
    [memory] brauchte es mehr als die { $amount } MiB Arbeitsspeicher, die es haben darf
    [silence] hatte es { $amount } Sekunden lang nichts gesagt
    [time] dauerte es viel länger als vorgesehen
    [use] war noch ein früherer Versuch damit beschäftigt
    [signal] hat Signal { $amount } ({ $signal }) es beendet
   *[code] endete es mit Exitcode { $amount }
 }.
training-corpus-unreadable = { $path } konnte nicht gelesen werden: { $reason }; bitte versuch es mit einer anderen Datei.
training-corpus-empty = { $name } ist leer; bitte nimm eine, in der Text steht.
training-corpus-binary = { $name } ist keine Textdatei; bitte nimm einen Text oder den Export eines Chats.
training-corpus-encoding = { $name } ist nicht in UTF-8 und auch in keiner anderen Kodierung, die sich sicher erkennen lässt; bitte speichere sie als Text in UTF-8 und versuch es noch einmal.
training-corpus-too-large = Ausgepackt ist das mehr als { $mebibytes } MiB; bitte nimm weniger davon.
training-corpus-line-too-long = { $name } hat eine Zeile mit mehr als { $limit } Zeichen; bitte brich sie in Zeilen um.
training-corpus-record-too-long = { $name } hat eine einzelne Nachricht von mehr als { $mebibytes } MiB; bitte lass sie weg.
training-corpus-too-deep = { $name } ist mehr als { $limit } Ebenen tief verschachtelt, wie kein Export es ist; bitte exportiere noch einmal.
training-corpus-unknown = { $name } ist { $kind }, aber kein Export von Nachrichten, der hier gelesen werden kann; docs/corpora.md zeigt alle, die es können.
training-corpus-foreign = { $name } ist { $kind }; bitte { $advice }.
training-corpus-damaged = { $name } ist { $kind }, aber { $reason }; bitte exportiere noch einmal.
training-corpus-row = { $name } ist { $kind }, aber Zeile { $row } hat { $columns ->
    [one] { $columns } Spalte
   *[other] { $columns } Spalten
 } statt { $required }; bitte exportiere noch einmal.
training-corpus-quote = { $name } ist { $kind }, aber in oder vor Zeile { $row } wird ein Anführungszeichen nie geschlossen; bitte exportiere noch einmal.
training-corpus-field = { $name } ist { $kind }, aber in einer Nachricht darin hat „{ $key }“ den falschen Typ; bitte exportiere noch einmal.
training-corpus-archive = { $name } { $reason }.
training-corpus-author = Darin hat niemand namens { $wanted } geschrieben; { $known ->
    [0] bitte prüf den Namen
   *[other] am nächsten kommt: { $nearest }
 }.
training-corpus-nameless = { $name } sagt nicht, wer was geschrieben hat, also { $wish }; bitte lass diese Option weg.
training-corpus-nothing-left = Es bleibt nichts zum Lernen übrig ({ $found }); bitte wähl andere Leute oder einen anderen Text.
training-corpus-monotonous = Dieser Text ist ein einziges Zeichen, immer wieder; bitte nimm einen mit Wörtern darin.
training-corpus-too-short = Dieser Text hat { $characters } Zeichen; das Training braucht mindestens { $required }, also nimm bitte einen längeren oder dazu noch einen.
training-corpus-slow = Es hat zu lange gedauert, diese Datei zu lesen; bitte versuch es noch einmal oder mit einer kürzeren.
training-corpus-broke-off = Diese Datei konnte nicht gelesen werden: Das Programm, das sie liest, ist abgebrochen; bitte versuch es mit einer anderen.
model-config = { $name } muss zwischen { $lowest } und { $highest } liegen, nicht bei { $value }; bitte wähl etwas anderes.
model-checkpoint = Diese Datei ist kein Speicherstand, der sich verwenden lässt: { $reason }; bitte wähl eine andere.
model-tensor = Diese Datei ist kein Speicherstand, der sich verwenden lässt: Der Tensor { $tensor } { $flaw }; bitte wähl eine andere.
    .reason = der Tensor { $tensor } { $flaw }
model-sampling = Bitte wähl { $name } { $allowed } statt { $value }.
model-stop-text = Ein Stopptext braucht mindestens ein Zeichen; lass ihn weg, um keinen zu haben.
model-bookmark = Dieser Text kann nicht fortgesetzt werden, weil sein Zustand nicht zum Modell passt; bitte schreib einen neuen.

# Wie ein Satz eine Datei nennt, an seinem Anfang.
name-file = { $file ->
    [0] Diese Datei
   *[other] Datei { $file }
 }
name-member = { $member } in { $file ->
    [0] dieser Datei
   *[other] Datei { $file }
 }
name-text = Dieser Text

## What was found in files (plain)

found-messages = { $format }{ $documents ->
    [1] { "" }
   *[other] { " " }({ $documents } Dateien)
 }: { $messages ->
    [one] { $messages } Nachricht
   *[other] { $messages } Nachrichten
 }{ $people ->
    [0] { "" }
    [one] { " " }von 1 Person
    [100000] { " " }von { $people } Personen oder mehr
   *[other] { " " }von { $people } Personen
 }{ $left_out ->
    [0] { "" }
   *[other] , { $left_out } ausgelassen: { $reasons }
 }
found-characters = { $documents ->
    [1] { $format }
   *[other] { $documents } { $format }
 } ({ $encodings }): { $characters } Zeichen, { $distinct } { $distinct ->
    [one] verschiedenes
   *[other] verschiedene
 }
found-passed-over = { $files ->
    [one] { $files } Datei
   *[other] { $files } Dateien
 } übergangen: kein Text
found-both = { $first }; { $second }

## Phrases: in English exactly as training and models have them (plain)

phrase-json = JSON
phrase-web-page = eine Webseite
phrase-pdf = ein PDF
phrase-rtf = ein RTF-Dokument
phrase-old-office = ein altes Office-Dokument
phrase-office = ein Office-Dokument
phrase-open-document = ein OpenDocument-Dokument
phrase-e-book = ein E-Book
phrase-7z = ein 7z-Archiv
phrase-rar = ein RAR-Archiv
phrase-xz = ein xz-Archiv
phrase-zstandard = ein Zstandard-Archiv
phrase-bzip2 = ein bzip2-Archiv
phrase-save-as-text = speichere es als reinen Text
phrase-make-zip = mach ein ZIP daraus

phrase-damaged = sie ist beschädigt
phrase-breaks-off = sie bricht ab oder ist beschädigt
phrase-laid-out-oddly = sie ist seltsam aufgebaut
phrase-no-message = etwas darin ist keine Nachricht
phrase-half-character = sie enthält ein halbes Zeichen (ein einzelnes Surrogat)

phrase-damaged-zip = ist ein beschädigtes oder abgeschnittenes ZIP-Archiv; bitte pack es noch einmal
phrase-leads-out = enthält eine Datei, deren Name aus dem Archiv hinausführt; bitte pack sie noch einmal
phrase-many-files = enthält zu viele Dateien; bitte pack weniger
phrase-encrypted = ist verschlüsselt; bitte mach eine ohne Passwort
phrase-uncommon = ist auf ungewöhnliche Weise gepackt; bitte mach ein einfaches ZIP
phrase-nested = ist ein Archiv in einem Archiv; bitte pack es erst aus
phrase-cut-off = ist beschädigt oder abgeschnitten; bitte pack sie noch einmal

phrase-nobody-chosen = lässt sich niemand auswählen
phrase-names-not-kept = lassen sich keine Namen behalten
phrase-nothing-found = nichts gefunden
phrase-no-regular-file = sie ist keine gewöhnliche Datei
phrase-no-reason = ohne Angabe eines Grundes

phrase-no-space = kein Platz mehr
phrase-quota = das Kontingent ist aufgebraucht
phrase-input-output = Ein-/Ausgabefehler

phrase-tensors-damaged = ihre Tensoren sind beschädigt
phrase-tensors-others = ihre Tensoren gehören nicht zu ihrem Netz
phrase-tensor-shape = hat eine andere Form oder einen anderen Typ, als er sollte
phrase-tensor-numbers = enthält Zahlen, die nicht endlich oder zu groß sind
phrase-no-header = sie hat keinen Kopf von diesem Programm
phrase-other-version = eine andere Version dieses Programms hat sie geschrieben
phrase-header-more = ihr Kopf enthält mehr, als dieses Programm schreibt
phrase-sizes = ihre Größen ergeben keinen Sinn
phrase-header-damaged = ihr Kopf ist beschädigt
phrase-vocabulary-size = ihr Zeichenvorrat ist größer oder kleiner als der ihres Netzes
phrase-cannot-be-read = sie lässt sich nicht lesen

phrase-temperatures = zwischen 0 und 2
phrase-top-k = ab 1
phrase-top-p = über 0 und höchstens 1

phrase-bots = Bots
phrase-system = Systemnachrichten
phrase-others = von anderen Leuten
phrase-twice = doppelt exportierte
phrase-textless = solche ohne Text
phrase-repeats = Wiederholungen

phrase-plain-text = Reiner Text
phrase-plain-texts = reine Texte
phrase-sub-rip = Untertitel (SubRip)
phrase-sub-rips = Untertitel (SubRip)
phrase-web-vtt = Untertitel (WebVTT)
phrase-web-vtts = Untertitel (WebVTT)
phrase-history = Der Verlauf des Kanals
phrase-data-package = Datenpaket von Discord
phrase-csv-of-bot = CSV eines anderen Bots
phrase-json-of-bot = JSON eines anderen Bots
phrase-exporter-json = JSON von DiscordChatExporter
phrase-exporter-csv = CSV von DiscordChatExporter
phrase-exporter-html = HTML von DiscordChatExporter
phrase-exporter-txt = TXT von DiscordChatExporter

## /settings (Markdown, but for menus and forms)

language-name = Deutsch
settings-title = Was dieser Server gewählt hat
settings-writing = **Wo der Bot schreibt**, auch in Threads dort
    .nothing = Überall
    .gone = Nirgends: die gewählten Kanäle gibt es nicht mehr
settings-talking = **Wo er antwortet**, wenn jemand ihn erwähnt oder ihm antwortet; er muss dort schreiben können
    .nothing = Nirgends
    .gone = Nirgends: die gewählten Kanäle gibt es nicht mehr
settings-training = **Wer trainiert**, neben Mitgliedern mit „Server verwalten“
    .nothing = Alle
    .gone = Niemand: die gewählten Rollen gibt es nicht mehr
settings-language = **Was er spricht**
    .discord = Wie dieser Server auf Discord: { $language }
settings-gone = ({ $count ->
    [one] eines davon gibt es nicht mehr
   *[other] { $count } davon gibt es nicht mehr
 })
    .all = (nichts davon gibt es mehr: wähl neu oder, um nichts zu wählen, erst etwas, und nimm es wieder weg)
settings-write-cooldown = Zwischen zwei Texten für eine Person: **{ $cooldown }**
    .none = Zwischen zwei Texten für eine Person: **keine Wartezeit**
settings-train-cooldown = Zwischen zwei Trainings einer Person: **{ $cooldown }**
    .none = Zwischen zwei Trainings einer Person: **keine Wartezeit**
settings-defaults = Ein Text, wenn nichts anderes gewünscht ist: **{ $length }** Zeichen bei Temperatur **{ NUMBER($temperature, maximumFractionDigits: 2) }**
settings-words = Wörter, die nie geschrieben werden: **{ $count ->
    [0] keine
   *[other] { $count }
 }**
button-cooldowns = Wartezeiten
button-defaults = Länge, Temperatur
button-words = Wörter
form-cooldowns = Wartezeiten
    .write = Zwischen zwei Texten für eine Person
    .train = Zwischen zwei Trainings einer Person
    .description = Etwa 30 s, 10 min oder 2 h; leer: keine Wartezeit
form-defaults = Ein Text, wenn nichts gewünscht ist
    .length = Länge in Zeichen
    .temperature = Temperatur, 0 bis 2
form-words = Wörter, die nie geschrieben werden
    .words = Ein Wort oder Ausdruck je Zeile
    .more = Weitere Wörter
    .description = Ganze Wörter, wie auch immer verkleidet; *teil* irgendwo in einem Wort, teil* an seinem Anfang
error-managers-only = Das wählen nur Mitglieder mit „Server verwalten“; bitte frag eines davon.
error-cooldown-invalid = „{ $typed }“ ist keine Wartezeit; bitte gib eine an wie 30 s, 10 min oder 2 h, bis zu 24 h.
error-number-needed = Bitte gib die { $option ->
    [length] Länge als ganze Zahl
   *[temperature] Temperatur als Zahl
 } an oder lass sie leer.
error-word-invalid = „{ $word }“ kann nicht gesucht werden; bitte gib Wörter mit bis zu { $limit } Zeichen an, höchstens mit einem * am Anfang oder Ende.
error-words-too-long = Diese Wörter haben zusammen { $characters } Zeichen, aber höchstens { $limit } können behalten werden; bitte lass welche weg.

## /help (Markdown)

help-title = Was dieser Bot macht
help-does = Er lernt in Minuten, so zu schreiben wie ein Text von dir, und schreibt dann in diesem Ton. Alles geschieht auf dem Rechner, auf dem der Bot läuft; was herauskommt, ist Buchstabe für Buchstabe erfunden und oft komisch.
help-commands =
    .train = `/train` lernt eine Datei; eine Karte zeigt, wie weit es ist und was er inzwischen schreibt.
    .generate = `/generate` schreibt; eine niedrige Temperatur geht auf Nummer sicher, eine hohe wird wild. **{ button-continue }** schreibt weiter.
    .models = `/models` zeigt die Modelle des Servers, zum Wählen, Umbenennen, Exportieren und Löschen.
    .runs = `/runs` zeigt, was trainiert, wartet und trainiert hat.
help-talking = Erwähn den Bot in { $channels }, und er antwortet.
help-writing = Er schreibt nur in { $channels }.
    .nowhere = Er schreibt gerade nirgends, weil es die Kanäle nicht mehr gibt, die dafür gewählt sind; Mitglieder mit „Server verwalten“ wählen mit `/settings` andere.
help-file = Eine gute Datei
    .what = **Was**: ein Chat, ein Buch, Liedtexte, Untertitel, ein Programm; alles, was Text ist.
    .how = **Woher**: speichere als reinen Text (UTF-8), was du offen hast. DiscordChatExporter macht aus einem Kanal eine Datei (am besten JSON), und Discord schickt dir deine eigenen Nachrichten: *Einstellungen*, *Privatsphäre & Sicherheit*, *Alle meine Daten anfordern*. Mehrere Dateien und ZIP-Archive gehen auch.
    .much = **Wie viel**: mindestens 1.000 Zeichen; ein paar hunderttausend sind besser. Mehr Minuten helfen auch, bis zu { $minutes }.
    .names = **Wer spricht**: mit `names: True` lernt das Modell eines Chats, wer was sagt; dann lässt der Anfang `Ann:` es wie Ann sprechen. `authors:` lernt nur von einigen Leuten.
    .limits = Eine Datei darf { $mebibytes } MiB haben.
help-privacy = Trainiere nur mit dem, was du mit allen hier teilen darfst: ein Modell kann aufsagen, was es gelernt hat. { button-privacy } zeigt, was wie lange aufgehoben wird, und löscht es.

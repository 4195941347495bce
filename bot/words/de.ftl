# Alles, was der Bot auf Discord sagt, auf Deutsch.

## Errors: one sentence that says what to do next (plain)

error-not-in-server = Das geht nur auf Servern; bitte benutze es auf einem.
error-run-gone = Dieses Training ist schon zu Ende; starte ein neues mit /train.
error-nothing-learned = Bis jetzt ist noch nichts gelernt; bitte warte noch ein paar Sekunden oder brich es ab.
error-in-training = Dieses Modell ist schon im Training; bitte warte, bis das zu Ende ist, oder brich es ab.
error-no-model = Dieser Server hat noch kein Modell; mach eines mit /train und einer Textdatei.
error-model-not-found = Dieser Server hat kein solches Modell (mehr); /models zeigt alle, die er hat.
error-checkpoint-gone = Das Modell, das dafür nötig ist, gibt es nicht mehr; wähl ein anderes mit /models oder mach eines mit /train.
error-checkpoint-broken = Die Datei dieses Modells fehlt oder ist beschädigt; wähl ein anderes Modell mit /models oder trainiere es neu mit /train.
error-generation-gone = Dieser Text kann nicht mehr fortgesetzt werden; schreib einen neuen mit /generate.
error-stopping = Der Bot startet gleich neu; bitte versuch es in einer Minute noch einmal.
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
error-always-the-same = Bei Temperatur 0 oder mit top_k 1 ist dieser Text immer derselbe; drück { button-edit-prompt } oder schreib einen mit /generate und anderen Optionen.
error-temperature-end = Dieser Text kann nicht { $direction ->
    [colder] kälter
   *[hotter] heißer
 } werden als Temperatur { $temperature }; drück { button-again } für einen anderen.
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
error-corpus-refused = { $reason }
error-corpus-too-long = Dieser Text hat { $characters } Zeichen; höchstens { $limit } können gelernt werden, also häng bitte einen kürzeren an.
error-import-refused = Diese Datei kann nicht importiert werden: { $reason }; bitte häng eine an, die { button-export } in /models gemacht hat.

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
error-no-number = Bitte gib die Minuten als Zahl an, höchstens { $most }.
error-export-too-large = Dieser Speicherstand hat { size-mebibytes }, und hier lassen sich nur Dateien bis { NUMBER($limit, maximumFractionDigits: 0) } MiB senden; frag den Betreiber dieses Bots danach.
error-use-and-import = Ein importiertes Modell lässt sich mit dem Knopf auf seiner Karte verwenden; bitte lass use oder import weg.
error-name-alone = Die Option name ist für ein importiertes Modell; um eines umzubenennen, drück auf seiner Karte { button-rename }.

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

## Figures (plain)

bits-per-character = { NUMBER($bits, minimumFractionDigits: 2, maximumFractionDigits: 2) } Bit pro Zeichen
size-mebibytes = { NUMBER($size, minimumFractionDigits: 1, maximumFractionDigits: 1) } MiB
size-kibibytes = { NUMBER($size, maximumFractionDigits: 0) } KiB

## /train (Markdown)

begun = **{ $name }** lernt daraus; die Nachricht in diesem Kanal zeigt, wie weit es ist.
begun-with-channel = Erst wird der Kanal gelesen, dann lernt **{ $name }** daraus; die Nachricht in diesem Kanal zeigt, wie weit es ist.
card-finishing = Es endet jetzt und behält den besten Stand; gleich steht das auch auf der Karte.
card-curve = Die Lernkurve: Bit pro Zeichen im Lauf der Zeit

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
model-novelty = **{ $percent } %** von dem, was es schreibt, ist neu
model-learned = Gelernt aus { $characters } Zeichen
model-learned-often = { model-learned }, { NUMBER($passes, minimumFractionDigits: 1, maximumFractionDigits: 1) } Mal gelesen
model-parameters = { $parameters } Parameter
model-base = Grundlage: { $name }
model-base-own = Grundlage: ein früherer Speicherstand von ihm selbst
model-base-elsewhere = Grundlage: ein Modell, das dieser Server nicht hat
model-trained-by = Trainiert von { $who } { $when }
model-imported-by = Importiert von { $who } { $when }, ohne Lernkurve

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
error-use-and-import = Ein importiertes Modell nimmst du mit dem Knopf auf seiner Karte; bitte lass use oder import weg.
error-name-alone = Die Option name gilt einem Modell, das importiert wird; bitte drück auf der Karte eines Modells „Umbenennen“, um es umzubenennen.
error-without-effect = Bei Temperatur 0 kommt immer das wahrscheinlichste Zeichen, also würde { $option } nichts ändern; bitte lass { $option } weg oder wähl eine höhere Temperatur.
error-same-texts = { $option ->
    [top_k] Mit top_k 1 wären alle Texte gleich; bitte wähl ein höheres top_k oder count 1.
   *[temperature] Bei Temperatur 0 wären alle Texte gleich; bitte wähl eine höhere Temperatur oder count 1.
 }
error-prompt-too-long = Ein Anfang hat höchstens { $limit } Zeichen; bitte kürz deinen.
error-always-the-same = Bei Temperatur 0 oder mit top_k 1 ist dieser Text immer derselbe; drück „Anfang ändern“ oder schreib einen mit /generate und anderen Optionen.
error-temperature-end = Dieser Text kann nicht { $direction ->
    [colder] kälter
   *[hotter] heißer
 } werden als Temperatur { $temperature }; drück „Noch einmal“ für einen anderen.
error-no-number = Bitte gib die Minuten als Zahl an, höchstens { $most }.
error-corpus-gone = Der Text dieses Trainings ist nicht mehr da; um davon weiterzumachen, nimm noch einmal /train mit derselben Datei oder demselben Kanal und wähl { $name } als base.
error-choice-invalid = Das gibt es hier nicht (mehr); bitte wähl aus dem, was angezeigt wird.
error-button-outdated = Diesen Knopf gibt es nicht mehr; bitte nimm /generate oder /models, dort gibt es neue.
error-form-outdated = Dieses Formular gibt es nicht mehr; bitte öffne es noch einmal.
error-no-place = Der Bot darf in diesem Kanal nichts schreiben, also könntest du dem Training nicht zusehen; wähl einen anderen Kanal oder bitte die Moderation, ihn diesen Kanal ansehen und darin schreiben zu lassen.
# Was nur darf, wer es gemacht hat oder den Server verwaltet.
error-not-allowed = Nur wer es gemacht hat und Mitglieder mit „Server verwalten“ dürfen { $action ->
    [cancel] es abbrechen
    [finish] es beenden
    [train-longer] dieses Modell länger trainieren
    [use] zu diesem Modell wechseln
    [use-checkpoint] seinen Stand wählen
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
 } hat { NUMBER($mebibytes, minimumFractionDigits: 1, maximumFractionDigits: 1) } MiB, aber höchstens { NUMBER($limit, maximumFractionDigits: 0) } MiB können gelesen werden; bitte häng eine kleinere an.
error-files-too-large = Diese Dateien haben zusammen { NUMBER($mebibytes, minimumFractionDigits: 1, maximumFractionDigits: 1) } MiB, aber höchstens { NUMBER($limit, maximumFractionDigits: 0) } MiB können gelesen werden; bitte häng weniger oder kleinere an.
error-download-failed = Die Datei konnte nicht von Discord geladen werden; bitte schick sie noch einmal.
error-download-slow = Die Datei kam zu langsam von Discord; bitte schick sie später noch einmal, oder eine kleinere.
error-corpus-refused = { $reason }
error-corpus-too-long = Dieser Text hat { $characters } Zeichen; höchstens { $limit } können gelernt werden, also häng bitte einen kürzeren an.
error-import-refused = Diese Datei kann nicht importiert werden: { $reason }; bitte häng eine an, die „Exportieren“ in /models gemacht hat.
error-export-too-large = Dieser Stand hat { NUMBER($mebibytes, minimumFractionDigits: 1, maximumFractionDigits: 1) } MiB, und hier können nur Dateien bis { NUMBER($limit, maximumFractionDigits: 0) } MiB verschickt werden; bitte frag, wer diesen Bot betreibt.

## Errors: channels (plain)

error-one-source = Bitte häng eine Datei an oder wähl einen Kanal, aus dem gelernt wird: eins von beiden.
error-channels-off = Dieser Bot liest keine Kanäle; bitte häng eine Datei an, aus der er lernt.
error-not-allowed-to-read = Nur Mitglieder mit „Server verwalten“ dürfen den Bot einen Kanal lesen lassen; bitte frag eines davon oder häng eine Datei an.
error-channel-hidden = Du kannst diesen Kanal und seinen Nachrichtenverlauf selbst nicht sehen; bitte wähl einen anderen.
error-bot-lacks = In diesem Kanal fehlt dem Bot { $permissions }; bitte gib ihm dort { $count ->
    [one] dieses Recht
   *[other] diese Rechte
 } oder wähl einen anderen Kanal.
error-channel-not-told = Der Bot darf in dem Kanal, den er lesen soll, nichts schreiben, muss es dort aber ankündigen; lass ihn dort Nachrichten senden oder wähl einen anderen Kanal.
# Wie Discord sie nennt.
permission = { $name ->
    [view_channel] „Kanal ansehen“
    [read_message_history] „Nachrichtenverlauf anzeigen“
    [send_messages] „Nachrichten senden“
    [send_messages_in_threads] „Nachrichten in Threads senden“
   *[other] { $name }
 }

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

## What a server has chosen, and the operator's limits: one sentence each (plain)

error-writes-elsewhere = Auf diesem Server schreibt der Bot in anderen Kanälen; bitte wähl einen von denen.
error-role-missing = Auf diesem Server trainieren nur Mitglieder mit bestimmten Rollen; bitte frag eines von ihnen oder jemanden aus der Moderation nach der Rolle.
error-write-cooldown = Bitte warte noch { $left }; auf diesem Server liegen { $cooldown } zwischen zwei Texten für eine Person.
error-train-cooldown = Bitte warte noch { $left }; auf diesem Server liegen { $cooldown } zwischen zwei Trainings einer Person.

"""What is said in #tavern: phrases, with blanks for the evening's place, foe and treasure."""

from __future__ import annotations

from typing import Final

PLACES: Final = (
    "the drowned chapel",
    "the salt mines",
    "the library under the hill",
    "the market of Ostrava Gate",
    "the old lighthouse",
    "the baron's orchard",
    "the bridge at Nine Elms",
    "the glass desert",
)

FOES: Final = (
    "a very polite ghoul",
    "two ogres and their accountant",
    "the wolf with the silver collar",
    "a dragon, a small one",
    "the bishop's guards",
    "something with far too many eyes",
    "a swarm of angry bees",
    "the toll keeper",
)

TREASURES: Final = (
    "a chest of copper coins",
    "the ring that hums at night",
    "half a map",
    "a cheese of great age",
    "the sword that talks back",
    "forty silver spoons",
    "a letter nobody can read",
    "the wrong key",
)

OPENINGS: Final = (
    "good evening everyone, who is in tonight?",
    "So. Last time we left you standing in front of {place}.",
    "welcome back! you smell {foe} before you see anything",
    "The rain has not stopped for three days. You have reached {place}.",
    "ok short recap: you were promised {treasure}, and you got lost near {place}",
    "evening! tea is ready, dice are ready, {foe} is ready",
)

DEEDS: Final = (
    "I open the door. Slowly.",
    "I hide behind {name}.",
    "I put {treasure} into my bag and say nothing.",
    "I would like to talk to {foe} first.",
    "I climb up and look at {place} from above",
    "I light a torch and count the steps. Eleven.",
    "I pull {name} back by the collar",
    "I sing. Badly, but with feeling.",
    "I ask {foe} about the weather in {place}.",
    "I draw a little map of {place} on the wall.",
    "I throw a stone into the dark and listen.",
    "I sit down. My boots are full of water.",
    "I offer {foe} a sandwich.",
    "I read the letter aloud, twice.",
)

ANSWERS: Final = (
    "no",
    "yes please",
    "{mention} you said that last time and we lost the horse",
    "that is a terrible idea and I am in",
    "can we please not wake up {foe}",
    "wait, who has {treasure} now?",
    "I thought {name} had the torch",
    "lol",
    "roll for it",
    "how many spells do we have left?",
    "that door was locked yesterday",
    "The floor creaks. Something in {place} has heard you.",
    "It is quiet. Too quiet, {name} thinks.",
    "You find {treasure}. It is cold to the touch.",
    "{foe} looks at {name} and sighs.",
    "{mention} please stop licking things in {place}",
    "I have a plan, but it needs a rope and a goat",
    "We do not have a goat.",
    "who votes for running away?",
    "me",
    "me too",
    "Somewhere above you a bell rings, once.",
    "the goat was a lie",
    "fine, but I am not paying for it",
)

REMARKS: Final = (
    "brb, tea",
    "my cat is on the keyboard again",
    "sorry, I was late, the tram did not come",
    "did anybody write down the name of that innkeeper?",
    "I love this place",
    "we should really make a list",
    "next week I cannot on Thursday, Friday would be fine",
    "whose turn is it?",
    "the map is in the pinned messages",
    "this is what happened at {place} all over again",
    "remember when {name} bought forty spoons?",
    "I still have nightmares about {foe}",
    "someone should write all of this down one day",
    "can you say that again? I was reading about {place}",
)

CLOSINGS: Final = (
    "And there we stop for tonight. Good night!",
    "good night all, that was fun",
    "to be continued. bring dice.",
    "{foe} will still be there next week. sleep well",
    "ok I am falling asleep, same time on Friday?",
    "that was the best session since {place}",
)

NEWS: Final = (
    "**Guild news**: {treasure} was reported missing near {place}.",
    "**Guild news**: travelers are warned of {foe}.",
    "**Guild news**: the road to {place} is open again.",
)

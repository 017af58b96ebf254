heading = { $count ->
    [0] Polls
    [one] { $count } poll
   *[other] { $count } polls
}
polls = Polls
your-question = Your question
option = Answer { $number }
one-more = One more answer
ask = Start the poll
empty = Nobody has asked anything here yet.

votes = { $option }: { $count ->
    [one] { $count } vote
   *[other] { $count } votes
}
you-chose = You chose “{ $option }”.
who-chose = Who chose what
close = Close the poll
closed = This poll is closed.
elsewhere = Still open elsewhere

question-missing = Please write a question of at least { $least } characters.
too-few-options = Please give at least { $least } answers.
too-many-options = Please give at most { $most } answers.
options-alike = Two answers are the same.
choice-missing = Please choose one of the answers.
chosen-already = You have chosen already.
poll-is-closed = This poll was closed meanwhile.
announce-asked = Your poll is open.
announce-closed = The poll is closed.

gone = This poll is not here any more.
denied = You cannot do this here.
try-again = That did not work. Please try again.

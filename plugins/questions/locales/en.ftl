# Questions and answers, in English.

heading = { $count ->
    [0] Questions
    [one] { $count } question
   *[other] { $count } questions
}
question = Question
answers = Answers
all-questions = All questions
removed-question = This question was removed

show-all = All
show-unanswered = Unanswered
show-solved = Solved
show-mine = Mine
show-followed = Followed
sort-active = Active
sort-newest = Newest
sort-oldest = Oldest
sort-votes = Most helpful
only-tag = Only questions about “{ $tag }”
all-tags = Show all tags
tag = { $tag }
follow-page = Follow these questions
follow = Follow

page-closed = This page takes no new questions or answers. You can still read, vote and report.
sign-in-to-write = Sign in to ask and answer.
sign-in-first = Please sign in first.
question-lost = This question is not here any more.

ask-about = Ask about “{ $page }”
ask-anything = Ask your colleagues
start = Ask…
title = Your question
title-hint = One sentence that a colleague with the same question would search for.
details = Details, if they help
details-prompt = What have you tried, and what do you need it for?
tags = Tags
tags-required = Tags (at least one)
ask = Ask this question
is-it-one-of-these = Is it one of these?
this-answers-it = This answers it
empty-write = Nobody has asked about “{ $page }” yet. What would you like to know?
empty-read = Nobody has asked about “{ $page }” yet.
empty-hub-write = Nobody has asked anything yet. What would you like to know?
empty-hub = Nobody has asked anything yet.
none-all = There is no such question.
none-unanswered = Every question has an answer. That is rare, well done!
none-solved = No question is solved yet.
none-mine = You have not asked anything here yet.
none-followed = You do not follow any of these questions yet.
show-everything = Show all questions

new-questions = { $count ->
    [one] Show { $count } new question
   *[other] Show { $count } new questions
}
more-questions = Show more questions
back-to-first = Back to the first ones

status-open = Open
status-answered = Answered
status-solved = Solved
status-closed = Closed
status-duplicate = Asked before
status-held = Waiting for a moderator
status-rejected = Not published
asked-by = { $name } asked
on-page = on “{ $page }”
nobody-yet = No answer yet
answered-by = { $name } solved it
answer-count = { $count ->
    [one] { $count } answer
   *[other] { $count } answers
}
have-this-too = { $count ->
    [one] { $count } has this too
   *[other] { $count } have this too
}

no-answers = No answer yet
be-first = Do you know it, or half of it? Even a pointer in the right direction helps.
be-first-own = When you find out yourself, write it here: the next person will thank you.
new-answers = { $count ->
    [one] Show { $count } new answer
   *[other] Show { $count } new answers
}
more-answers = Show more answers
write-answer = Write an answer…
your-answer = Your answer
your-answer-prompt = Say what works, and how you know it.
post-answer = Post answer
you-answered = You have answered this question.
edit-answer = Edit your answer
accept = Accept
unaccept = No longer accept
accepted = Accepted answer
me-too = I have this too
helpful = Helpful
own-post = This is your own.
no-downvotes = Nothing can be voted down here.

comment = Comment
your-comment = Your comment
your-comment-prompt = Ask for a detail, or add one.
post-comment = Post comment
more-comments = { $count ->
    [one] Show { $count } more comment
   *[other] Show { $count } more comments
}

more-actions = More actions
copy-link = Copy link
edit = Edit
save = Save changes
delete = Delete
delete-sure = Delete it? This cannot be undone.
delete-useful = Others found this answer helpful, so it stays. You can edit it, or ask a moderator.
delete-needed = This question has answers that others may need, so it stays. You can close it, or ask a moderator.
history = Earlier versions
history-heading = Earlier versions
history-hint = What was taken out later is struck out, what was added later is strong.
who-may-know = Who may know
knows-by = { $count ->
    [one] an answer on “{ $tag }” was accepted
   *[other] { $count } answers on “{ $tag }” were accepted
}
invite = Ask { $name }
invited = { $name } was asked.
promote = Make this a question
from-comment = This was a comment
became-question = This is a question now
remind-accept = Others find an answer helpful. Was it the one? Then accept it, so that everybody sees it.
already-invited = This person was asked already.
enough-invited = Five people were asked already. Please give them time.
invited-often = This person was asked by several others this week. Please ask somebody else.
announce-invited = They are told about this question.
announce-promoted = The comment is a question now.
suggest = Suggest a change
send-suggestion = Send the suggestion
suggested-text = The text as it should be
suggests = { $name } suggests a change
take-suggestion = Take it over
decline-suggestion = Decline
nothing-changed = Nothing has changed yet. Please write what should be different.
already-suggested = A change of this was suggested already and waits.
decided-already = This was decided already.
announce-suggested = Your suggestion was sent to the author.
announce-taken = The suggestion is the text now.
announce-declined = The suggestion is declined.
history-until = Until { $time }
history-close = Close

close = Close this question
close-question = Close the question
why-close = Why?
reason-duplicate = It was asked before
reason-needs-detail = It needs more detail
reason-off-topic = It does not belong here
reason-outdated = It is out of date
reason-other = Another reason
original = Link to the question that was asked before
original-hint = Only for a question that was asked before: “Copy link” in the menu of that one.
reason-missing = Please say why.
original-missing = Please paste the link to the question that was asked before.
original-unknown = This link leads to no question here. “Copy link” in the menu of a question gives the right one.
original-same = This link leads back to this very question.
closed-duplicate = This was asked before. The answers are here:
closed-duplicate-now = This was asked before.
closed-needs-detail-now = This question is closed until it has more detail. Whoever asked it opens it again by adding to it.
closed-off-topic-now = This question is closed: it does not belong here.
closed-outdated-now = This question is closed: it is out of date.
closed-other-now = This question is closed.
question-closed = This question is closed and takes no new answers.
not-closed = This question is open.
reopen = Open it again

verify = Confirm that this is right
unverify = No longer confirm it
verified-until = { $name } confirms it, until { $time }
verified-before-edit = { $name } confirmed an earlier version
review-due = { $name } confirmed it; it should have been looked at again by { $time }
changed-meanwhile = The answer has changed meanwhile. Please read it again.

title-missing = Please write your question first.
title-short = Please use at least { $least } characters, so that others understand it.
title-long = Please keep it below { $most } characters and put the rest into the details.
body-empty = Please write something first.
body-long = That is longer than { $most } characters. Please shorten it.
tag-long = A tag has at most { $most } characters.
tags-many = Please give at most { $most } tags.
tag-missing = Please give at least one tag.
tag-reserved = “{ $tag }” is given by moderators, stewards and experts only.
tag-unknown = There is no tag “{ $tag }”. Please choose one of the list.
already-answered = You have answered this question already. You can edit your answer.
not-yours = Only the author can do this.
not-for-you = Only who asked, moderators and the owner of the page can do this.
experts-only = Only experts and the owner of the page can do this.
gone = This is not here any more.
denied = You cannot do this here.
try-again = That did not work. Please try again in a moment.

announce-asked = Your question was sent.
announce-answered = Your answer was sent.
announce-commented = Your comment was sent.
announce-edited = Your changes are saved.
announce-deleted = It is deleted.
announce-followed = You now follow this.
announce-unfollowed = You no longer follow this.
announce-accepted = The answer is accepted.
announce-unaccepted = The answer is no longer accepted.
announce-closed = The question is closed.
announce-reopened = The question is open again.
announce-verified = You have confirmed the answer.
announce-unverified = You no longer confirm the answer.

impact = Your impact: { $accepted ->
    [one] { $accepted } accepted answer
   *[other] { $accepted } accepted answers
}, { $score } points
impact-full = Your impact: { $accepted ->
    [one] { $accepted } accepted answer
   *[other] { $accepted } accepted answers
}, found helpful { $upvoted ->
    [one] { $upvoted } time
   *[other] { $upvoted } times
}, { $score } points

# Comments, in English.

heading = { $count ->
    [0] Comments
    [one] { $count } comment
   *[other] { $count } comments
}
feed = Comments

sort-newest = Newest
sort-oldest = Oldest
sort-top = Most helpful
sort-controversial = Most disputed
follow = Follow
moderate-page = Moderate this page
close-page = Close the discussion
close-page-sure = Nobody will be able to add comments until it is opened again. Close it?
open-page = Open the discussion again

page-closed = This discussion is closed. You can still read, vote and report.
sign-in-to-write = Sign in to join the conversation.
sign-in-first = Please sign in first.
comment-lost = This comment is not here any more.
show-all = Show all comments

your-comment = Your comment
your-comment-prompt = Ask a question, share a tip, or say what has changed…
post = Post comment
empty-write = Nobody has written about “{ $page }” yet. Do you have a question, a tip, or something that needs correcting? Start the conversation.
empty-read = Nobody has written about “{ $page }” yet.

new-comments = { $count ->
    [one] Show { $count } new comment
   *[other] Show { $count } new comments
}
more-comments = Show { $count } more
next-comments = Show the next comments
back-to-first = Back to the first comments
more-replies = { $count ->
    [one] Show { $count } more reply
   *[other] Show { $count } more replies
}
more-replies-here = Show more replies
fewer-replies = Show fewer replies

helpful = Helpful
reactions = Reactions
reaction-heart = Love it
reaction-party = Great news
reaction-idea = Good idea
reaction-smile = Made me smile
own-comment = This is your own comment.
no-downvotes = Comments cannot be voted down here.
reply = Reply
your-reply = Your reply
your-reply-to = Your reply to { $name }
post-reply = Post reply
more-actions = More actions
copy-link = Copy link

edit = Edit
save = Save changes
edit-too-late = The time for changes is over. You can add an update instead.
edit-answered = Somebody has replied meanwhile, so the text stays as it is. You can add an update instead.
still-editable = You can still edit this comment.
add-update = Add an update
your-update = Your update
your-update-prompt = What has changed since then?
post-update = Add update
delete = Delete
delete-sure = Delete your comment? This cannot be undone.
history = Earlier versions
history-heading = Earlier versions
history-until = Until { $time }
history-close = Close

pin = Pin to the top
unpin = Unpin

body-empty = Please write something first.
body-too-long = That is longer than { $most } characters. Please shorten it.
too-many-mentions = That mentions too many people at once. Please mention fewer.
not-yours = Only the author can do this.
moderators-only = Only moderators can do this.
start-only = Only the first comment of a thread can be pinned.
gone = This comment is not there any more.
denied = You cannot do this here.
try-again = That did not work. Please try again in a moment.

announce-posted = Your comment was sent.
announce-replied = Your reply was sent.
announce-edited = Your changes are saved.
announce-deleted = Your comment is deleted.
announce-followed = You now follow this page.
announce-unfollowed = You no longer follow this page.
announce-pinned = The comment is pinned to the top.
announce-unpinned = The comment is no longer pinned.
announce-closed = The discussion is closed.
announce-opened = The discussion is open again.

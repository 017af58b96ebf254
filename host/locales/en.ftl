# What the renderer itself says in views (sdk/view, OwnText).
view-edited = edited
view-edited-by-moderator = edited by a moderator
view-pinned = Pinned
view-held = Waiting for a moderator
view-rejected = Not published
view-deleted = This was deleted by its author.
view-removed = This was removed by a moderator.
view-former-member = Former member
view-in-reply-to = In reply to
view-replies = { $count ->
    [one] { $count } reply
   *[other] { $count } replies
}
view-leader = Leader
view-expert = Expert
view-steward = Steward
view-moderator = Moderator
view-admin = Admin
view-guest = Guest
view-vote = Vote
view-vote-up = Vote up
view-vote-down = Vote down
view-more-people = { $count ->
    [one] and { $count } more person
   *[other] and { $count } more people
}
view-cancel = Cancel
view-close = Close
view-elsewhere = Leads to another site
view-code = Code
view-formatting = Formatting
view-bold = Bold
view-italic = Italic
view-link = Link
view-quote = Quotation
view-list = List
view-preview = Preview
view-send-key = Ctrl+Enter sends
view-pick-people = Names, separated by commas
view-pick-tags = Tags, separated by commas

# What the host says itself.
host-date-pattern = D M Y, T
host-month-1 = Jan
host-month-2 = Feb
host-month-3 = Mar
host-month-4 = Apr
host-month-5 = May
host-month-6 = Jun
host-month-7 = Jul
host-month-8 = Aug
host-month-9 = Sep
host-month-10 = Oct
host-month-11 = Nov
host-month-12 = Dec
host-too-many = That was a little too quick. Please wait a moment and try again.
host-not-found = This is not here any more.
host-page-not-found = There is no such page here, or you may not read it.
host-held = Thank you. A moderator will have a look before everybody sees it.
host-inactive = This account is not active any more.
host-moderator-needed = Only moderators can do this.
host-denied = You cannot do this.
host-guests-find-nobody = Guests cannot search for people.
host-problem-sign-in = Please sign in to take part.
host-problem-session = You are no longer signed in. Please sign in again.
host-problem-sign-in-again = This sign-in was begun in another window, was used already, or took too long. Please begin again.
host-problem-sign-in-issuer = Somebody else than the expected sign-in service has answered. Please begin again.
host-problem-sign-in-denied = The sign-in service has not signed you in. Please begin again, or ask the people who run your intranet.
host-problem-provider = The sign-in service cannot be reached just now. Please try again in a minute.
host-problem-token = You could not be signed in here. Please load the page again, or tell the people who run it.
host-problem-offer = This cannot be done from here any more. Please load the page again.
host-problem-expired = This page has been open for more than a day. Please load it again.
host-problem-embedding = This part of the page is not set up correctly. Please tell the people who run the page.
host-problem-plugin = This part of the page is not available just now.
host-problem-fields = Something has to be changed first.
host-problem-busy = This does not work at the moment. Please try again in a minute.
host-down = This part of the page cannot be reached at the moment.
host-count-open = { $count } open
host-unshown = It is saved. It cannot be shown just now; please load the page again in a moment.
host-stale = Somebody changed this in the meantime. You now see the latest version; your text is kept.
host-gone = What you answered is not here any more. Your text is kept.
host-unknown-person = There is nobody called { $name } here, or more than one. Please write the full name.
host-refused-empty = Please write something first.
host-refused-length = This is too long.
host-refused-closed = This page is closed for new comments.
host-refused-repeat = You have just written exactly the same. Send it again if you mean it.
host-refused-banned = This contains a word that is not allowed here.
host-refused-mentions = { $count ->
    [one] You can mention one person at the most.
   *[other] You can mention { $count } people at the most.
}
host-plugin-failed = This part of the page is not available just now.

# What a plain page says around a view.
plain-launch-refused = This could not be opened. Please go back to your course and open it again; if that does not help, tell the people who run it.
plain-launch-choose = What shall stand here?
plain-launch-no-key = Nothing can be chosen yet: this site has no key for it. Please tell the people who run it.
plain-sign-in = Please open this page from your intranet, where you are signed in.
plain-sign-in-here = Sign in
plain-sign-in-again = Sign in again
plain-sign-out = Sign out
plain-origin = Your browser does not say which page you came from, so you cannot be signed in here. Please tell the people who run your intranet.
plain-your-text = Your text
plain-send-again = Send again

# What the widgets say in the browser. `%n` is replaced there.
widget-sending = Sending…
widget-offline = No connection at the moment. Nothing is lost.
widget-unsaved = That did not go through. Please try again.
widget-retry = Try again
widget-copied = Link copied
widget-left = %n characters left
widget-restored = Your draft is back.
widget-people = People you can mention
widget-hits = %n suggestions
widget-added = %s added.
widget-removed = %s removed.
widget-remove = Remove %s
widget-chosen = %n of %m chosen
widget-react = React
widget-now = just now
widget-gone = What you were answering is no longer there. Here is your text.
host-somebody = somebody
host-already-marked = You have already chosen.
host-refused-value = This value does not fit.

# Moderation, drawn by the host with every entry.
moderation-menu = More actions
moderation-report = Report
moderation-report-why = What is wrong with this?
moderation-report-send = Send report
moderation-reason-spam = It is advertising or spam
moderation-reason-rude = It is hurtful or rude
moderation-reason-off-topic = It does not belong here
moderation-reason-outdated = It is wrong or out of date
moderation-reason-other = Something else
moderation-approve = Publish
moderation-keep = Keep it
moderation-reject = Do not publish
moderation-remove = Remove
moderation-restore = Bring back
moderation-reason-for-author = Reason, for the author to read
moderation-reason-missing = Please say why; the author reads it.
moderation-held = Waiting for your decision.
moderation-held-because = Waiting for your decision: { $reason }
moderation-held-links = Waiting for your decision: it has many links.
moderation-held-new-author = Waiting for your decision: one of the first entries of a guest.
moderation-held-history = Waiting for your decision: earlier entries of this person were not published.
moderation-held-repeat = Waiting for your decision: the same text was posted before.
moderation-held-pre = Waiting for your decision: everything new is checked first here.
moderation-held-reported = Waiting for your decision: several people reported it.
moderation-held-yours = Only you and the moderators can see this for now.
moderation-rejected = A moderator decided not to publish this.
moderation-rejected-because = A moderator decided not to publish this: { $reason }
moderation-removed-because = The reason: { $reason }
moderation-reported = { $count ->
    [one] There is { $count } report about this.
   *[other] There are { $count } reports about this.
 }
moderation-report-by = { $name }: { $reason }.
moderation-done-report = Thank you. A moderator will look at it.
moderation-done-approve = It is published.
moderation-done-reject = It will not be published.
moderation-done-remove = It is removed.
moderation-done-restore = It is back.
moderation-changed = Somebody has changed this since you began. It now reads:

# The bell.
bell-button = { $count ->
    [0] Notices
    [one] Notices: { $count } new
   *[other] Notices: { $count } new
}
bell-title = Notices
bell-empty = Nothing new for you. You are told here when somebody answers or mentions you, or writes where you follow.
bell-more = Show older ones
bell-read-all = Mark all as read
bell-read = Mark as read
bell-new = New
bell-menu = What to do about this notice
bell-stop-following = Stop following this
bell-stop-thread = No more about this thread
bell-mute-person = Mute notices about { $name }
bell-less = No more of this kind
bell-note = Reason: { $reason }
bell-why-named = because you are named
bell-why-wrote = because it answers you
bell-why-follows-thread = because you follow this
bell-why-follows-page = because you follow the page
bell-why-author = because you wrote it
bell-why-moderates = because you moderate
bell-mention = { $others ->
    [0] { $name } mentioned you in “{ $title }”
    [one] { $name } and { $others } other mentioned you in “{ $title }”
   *[other] { $name } and { $others } others mentioned you in “{ $title }”
}
bell-mention-untitled = { $others ->
    [0] { $name } mentioned you
    [one] { $name } and { $others } other mentioned you
   *[other] { $name } and { $others } others mentioned you
}
bell-reply = { $others ->
    [0] { $name } replied to you in “{ $title }”
    [one] { $name } and { $others } other replied in “{ $title }”
   *[other] { $name } and { $others } others replied in “{ $title }”
}
bell-reply-untitled = { $others ->
    [0] { $name } replied to you
    [one] { $name } and { $others } other replied
   *[other] { $name } and { $others } others replied
}
bell-follow = { $others ->
    [0] { $name } wrote something new in “{ $title }”
    [one] { $name } and { $others } other wrote something new in “{ $title }”
   *[other] { $name } and { $others } others wrote something new in “{ $title }”
}
bell-follow-untitled = { $others ->
    [0] { $name } wrote something new
    [one] { $name } and { $others } other wrote something new
   *[other] { $name } and { $others } others wrote something new
}
bell-told = { $others ->
    [0] { $name } named you in “{ $title }”
    [one] { $name } and { $others } other named you in “{ $title }”
   *[other] { $name } and { $others } others named you in “{ $title }”
}
bell-told-untitled = { $others ->
    [0] { $name } named you
    [one] { $name } and { $others } other named you
   *[other] { $name } and { $others } others named you
}
bell-accepted = { $name } accepted your answer to “{ $title }”
bell-accepted-untitled = { $name } accepted your answer
bell-approved = Your post in “{ $title }” was published
bell-approved-untitled = Your post was published
bell-rejected = Your post in “{ $title }” was not published
bell-rejected-untitled = Your post was not published
bell-removed = Your post in “{ $title }” was removed
bell-removed-untitled = Your post was removed
bell-restored = Your post in “{ $title }” is shown again
bell-restored-untitled = Your post is shown again
bell-held = { $count ->
    [one] A post waits for a decision in “{ $title }”
   *[other] { $count } posts wait for a decision in “{ $title }”
}
bell-held-untitled = { $count ->
    [one] A post waits for a decision
   *[other] { $count } posts wait for a decision
}
bell-reported = { $count ->
    [one] A post was reported in “{ $title }”
   *[other] { $count } posts were reported in “{ $title }”
}
bell-reported-untitled = { $count ->
    [one] A post was reported
   *[other] { $count } posts were reported
}
bell-settings = What I am told about
bell-settings-hint = You see these notices here. Nothing is sent by mail.
bell-kind-mention = Somebody mentions me
bell-kind-reply = Somebody replies to me
bell-kind-follow = Something new where I follow
bell-kind-told = Somebody names me in a post
bell-kind-accepted = Somebody accepts my answer
bell-kind-decision = Moderators decide about a post of mine
bell-kind-moderation = Posts wait for a decision, or were reported
bell-muted = Muted
bell-muted-person = Notices about { $name }
bell-muted-thread = “{ $title }”
bell-muted-untitled = A thread that is no longer there
bell-unmute = Tell me again
bell-back = Back to the notices
bell-done-read = Marked as read.
bell-done-read-all = All marked as read.
bell-done-stop = You will hear no more of this.
bell-done-mute-person = Muted.
bell-done-less = You will get no more notices of this kind.
bell-done-kind = Saved.
bell-done-unmute = You will be told again.

# The card of a person.
card-not-shared = Does not show what they have contributed.
card-nothing-yet = Has not contributed here yet.
card-knows = Knows about
card-badges = Badges
card-chosen = { $count ->
    [one] { $count } accepted answer
   *[other] { $count } accepted answers
}
card-named = { $count ->
    [one] Thanked once
   *[other] Thanked { $count } times
}
card-helpful = { $count ->
    [one] Found helpful once
   *[other] Found helpful { $count } times
}
badge-voice = Voice
badge-voice-why = has written something here
badge-regular = Regular
badge-regular-why = has written at least { $count } times
badge-solver = Solver
badge-solver-why = has given an answer that was accepted
badge-guide = Guide
badge-guide-why = has given at least { $count } answers that were accepted
badge-helpful = Helpful
badge-helpful-why = was found helpful at least { $count } times
badge-invaluable = Invaluable
badge-invaluable-why = was found helpful at least { $count } times
badge-appreciated = Appreciated
badge-appreciated-why = was thanked at least { $count } times
badge-treasured = Treasured
badge-treasured-why = was thanked at least { $count } times
bell-share = Show what I have contributed on my card
bell-share-hint = Colleagues see it when they choose your name: accepted answers, thanks, what you know about, badges.
bell-done-share = Saved.

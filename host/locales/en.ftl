# What the renderer itself says in views (sdk/view, OwnText).
view-edited = edited
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
view-present = { $count ->
    [one] { $count } person is reading this
   *[other] { $count } people are reading this
}
view-mod-note = From moderation
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
view-pick-people = Names, separated by commas
view-pick-tags = Tags, separated by commas
view-kilobytes = { $count } KB

# Thanks, in English.

heading = { $count ->
    [0] Thanks
    [one] { $count } thanks
   *[other] { $count } thanks
}
feed = Thanks

show-all = All
show-received = Received
show-given = Given
show-values = Values
show-feed = Show all thanks

page-closed = This page is closed. You can still read and react.
sign-in-to-thank = Sign in to thank somebody.
sign-in-first = Please sign in first.
thanks-lost = These thanks are not here any more.

whom-to-thank = Whom would you like to thank?
start = Next
recipients = Who
recipients-hint = Type a name; up to 20 people
body = What for
prompt-possible = What did it make possible?
prompt-without = What would have happened without it?
prompt-moment = Which moment do you remember?
values = Which value does it show?
evidence = Link to what it is about (optional)
evidence-hint = A web address, or a path such as /policies/travel
visibility = Who sees it?
visibility-public = Everybody
visibility-private = Only those I thank, and those who moderate
private = Private: only those whom it is about and moderators see it.
returned = They have thanked each other within a day.
refuse-points = I want no points, thanks alone
give = Say thanks

button-one = Thank { $name }
button-them = Thank them
button-somebody = Thank somebody
button-own = People who visit can thank you here.
button-sent = Your thanks are sent.

empty-write = Who made your week easier? One sentence is enough.
empty-write-page = Did somebody help you with “{ $page }”? One sentence of thanks is enough.
empty-read = Nobody has been thanked here yet.
empty-received = Nobody has thanked you yet. Thanks tend to come back: whom could you thank?
empty-given = You have not thanked anybody yet. Who helped you lately?
empty-values = No value was named in the past 30 days. Whoever thanks somebody names one.
values-since = Named in the past 30 days
value-count = { $count ->
    [one] { $value }: once
   *[other] { $value }: { $count } times
}

thanks-one = thanks { $one }
thanks-two = thanks { $one } and { $two }
thanks-three = thanks { $one }, { $two } and { $three }
thanks-many = thanks { $one }, { $two } and { $count } others
thanks-nobody = says thanks
everybody = Show everybody
on-page = on “{ $page }”
hidden = Hidden: only those whom it is about and moderators see it.

reactions = Reactions
reaction-heart = Love it
reaction-applause = Applause
reaction-party = Well done
reaction-idea = Good idea
add-mine = Add mine
joined-in = { $count ->
    [one] { $count } person says thanks, too
   *[other] { $count } people say thanks, too
}

points = Points for each (optional)
points-left = { $left } of { $granted } left this month; at most { $most } for one person
points-none-left = You have { $left } of { $granted } points left this month, too few to give. Thanks count without them, too.
points-without-today = { $name } has had points from you in the past 24 hours: these thanks count, without points.
points-without-week = { $name } has had points from you three times this week: these thanks count, without points.
points-without-month = { $name } has had much of your points this month: these thanks count, without points.
points-without-refused = { $name } wants no points: these thanks count, without points.
points-given = This month you have given { $given ->
    [one] { $given } point
   *[other] { $given } points
}. { $left } of { $granted } are left.
points-received = You have received { $all ->
    [one] { $all } point
   *[other] { $all } points
} in all, { $month } of them this month.
points-gift = { $points ->
    [one] { $points } point
   *[other] { $points } points
}
points-gift-each = { $points ->
    [one] { $points } point each
   *[other] { $points } points each
}
points-gift-some = { $points ->
    [one] { $points } point
   *[other] { $points } points
} for { $count } of them

new-thanks = { $count ->
    [one] Show { $count } new one
   *[other] Show { $count } new ones
}
more-thanks = Show more
back-to-first = Back to the newest

more-actions = More actions
copy-link = Copy link
edit = Correct the message
save = Save changes
retract = Retract (until { $time })
retract-sure = Take these thanks back? Nothing of them stays.
hide = Hide from others
hide-sure = Only you, the giver, others who are thanked and moderators will see it. Hide it?
unhide = Show to everybody again

recipients-missing = Please say whom you would like to thank.
recipients-too-many = Please thank at most { $most } people at once.
too-many-at-first = Please begin with at most { $most } people. You can add more in the next step.
recipients-self = You cannot thank yourself. Please leave yourself out.
recipients-twice = Somebody is in there twice.
recipient-left = { $name } is not here any more and cannot be thanked.
recipient-unknown = Somebody in there is not known here. Please choose from the list.
values-missing = Please choose a value.
values-too-many = Please choose at most { $most } values.
values-unknown = One of these values is not offered any more. Please choose again.
body-too-short = Please say a little more: at least { $least } characters.
body-too-long = That is longer than { $most } characters. Please shorten it.
evidence-wrong = Please give a web address that begins with https:// or http://, or a path that begins with /.
evidence-too-long = That is longer than { $most } characters. Please use a shorter address.
points-wrong = Please give a whole number of points, or leave it empty.
points-short = That needs { $need } points, and you have { $left } left this month. Nothing was sent.
points-each-max = One person can get at most half of what you have left: { $most } points.

not-yours = Only the person who said thanks can do this.
own-thanks = These are your own thanks.
to-you = These thanks are for you.
not-to-you = Only people who are thanked can do this.
too-late = Five minutes have passed, so these thanks stay.
already-added = You have joined in already.
gone = These thanks are not here any more.
denied = You cannot do this here.
try-again = That did not work. Please try again in a moment.

announce-given = Your thanks are sent.
announce-added = You have joined in.
announce-taken-back = You no longer join in.
announce-edited = Your changes are saved.
announce-retracted = Your thanks are taken back.
announce-hidden = It is hidden from others.
announce-unhidden = Everybody can see it again.
announce-no-points = You are thanked without points from now on.
announce-points = You can be given points again.

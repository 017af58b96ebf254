heading = { $count ->
    [0] Tips
    [one] { $count } tip
   *[other] { $count } tips
}
tips = Tips
your-tip = Your tip
share = Share
helped = This helped me
tip-empty = Please write something first.
tip-long = Please use at most { $most } characters.
gone = This tip is not here any more.
denied = You cannot do this here.
try-again = That did not work. Please try again.
announce-shared = Your tip was sent.

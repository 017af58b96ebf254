//! Points with thanks, where the site has them: what somebody has left to give, and for whom it counts.

use stoa_plugin::{
    Context, Error, Flow, FlowSum, Instant, Otherwise, Outcome, Period, Refusal, Target, Text, Transfer, text,
};

/// The unit of the manifest, its reason and the accounts of each person.
const UNIT: &str = "points";
const GAVE: &str = "gave";
const GIVING: &str = "giving";
const RECEIVED: &str = "received";

const DAY_MICROS: u64 = 86_400 * 1_000_000;

/// The points for each with joining in.
const JOINING: &str = "1";

/// The mark of people who want no points.
const NO_POINTS: &str = "no-points";

/// How often somebody gives the same person points within seven days.
const PAIR_TRANSFERS_MAX: u32 = 3;

/// How much of a month's points somebody gives the same person, in percent.
const PAIR_PERCENT_MAX: u64 = 40;

/// Why thanks count without points for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Without {
    /// There were points from the same giver within 24 hours.
    Today,
    /// There were points from the same giver three times within seven days.
    Week,
    /// It would be too much of what the giver has for the month.
    Month,
    /// They do not want any.
    Refused,
}

impl Without {
    /// The text that says so, with the argument `name`.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Today => "points-without-today",
            Self::Week => "points-without-week",
            Self::Month => "points-without-month",
            Self::Refused => "points-without-refused",
        }
    }
}

/// What somebody has given the same person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pair {
    /// How often within 24 hours.
    pub(crate) day: u32,
    /// How often within seven days.
    pub(crate) week: u32,
    /// How much this month.
    pub(crate) month: u32,
}

/// What somebody has to give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Purse {
    /// What is left of this month's points.
    pub(crate) left: u32,
    /// This month's points.
    pub(crate) granted: u32,
    /// What was given this month.
    pub(crate) given: u32,
    /// When the next month's points come.
    pub(crate) renews_at: Option<Instant>,
}

/// What somebody has received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) all: u32,
    pub(crate) month: u32,
}

impl Purse {
    pub(crate) fn read(context: &Context, person: &str) -> Result<Self, Error> {
        let balance = context.ledger().get_balance(UNIT, GIVING, person)?;
        let given = sum(context, &[given_this_month(person)])?;
        Ok(Self {
            left: number(balance.amount),
            granted: number(balance.granted),
            given: given.first().map_or(0, |given| number(given.amount)),
            renews_at: balance.renews_at,
        })
    }

    /// The most that one person can be given now: half of what is left.
    pub(crate) const fn most_each(self) -> u32 {
        self.left / 2
    }

    /// The most that one person is given in a month.
    fn most_of_pair(self) -> u32 {
        let most = u64::from(self.granted) * PAIR_PERCENT_MAX / 100;
        u32::try_from(most).unwrap_or(u32::MAX)
    }

    /// Why thanks with this many points count without them.
    pub(crate) fn without(self, pair: Pair, amount: u32) -> Option<Without> {
        if pair.day > 0 {
            Some(Without::Today)
        } else if pair.week >= PAIR_TRANSFERS_MAX {
            Some(Without::Week)
        } else if pair.month.saturating_add(amount) > self.most_of_pair() {
            Some(Without::Month)
        } else {
            None
        }
    }

    /// Whether there is enough for this many points to this many people; if not, what is needed and what is left.
    pub(crate) fn check(self, amount: u32, people: u32) -> Result<(), Text> {
        let need = u64::from(amount) * u64::from(people);
        if need > u64::from(self.left) {
            let need = u32::try_from(need).unwrap_or(u32::MAX);
            return Err(text("points-short").number("need", need).number("left", self.left));
        }
        if people > 0 && amount > self.most_each() {
            return Err(text("points-each-max").number("most", self.most_each()));
        }
        Ok(())
    }
}

/// What this person has received, in all and this month.
pub(crate) fn read_received(context: &Context, person: &str) -> Result<Received, Error> {
    let all = context.ledger().get_balance(UNIT, RECEIVED, person)?;
    let flow = Flow::new(UNIT, GAVE).to(person).since_start_of(Period::Month);
    let month = sum(context, &[flow])?;
    Ok(Received { all: number(all.amount), month: month.first().map_or(0, |month| number(month.amount)) })
}

/// What a person has given each of these, in their order.
pub(crate) fn read_pairs(context: &Context, giver: &str, people: &[String]) -> Result<Vec<Pair>, Error> {
    let flows: Vec<Flow> =
        people.iter().flat_map(|person| Spans::of(context.now(), giver, person).all()).collect();
    let sums = sum(context, &flows)?;
    let pair = |sums: &[FlowSum]| match sums {
        [day, week, month] => Pair { day: day.transfers, week: week.transfers, month: number(month.amount) },
        _ => Pair::default(),
    };
    Ok(sums.chunks(3).map(pair).collect())
}

/// Whether this person wants no points.
pub(crate) fn refuses(context: &Context, person: &str) -> Result<bool, Error> {
    let holders = context.marks().list_holders(&Target::person(person), NO_POINTS, None, None, 1)?;
    Ok(holders.items.iter().any(|holder| holder.person == person))
}

/// Those of these people who want no points.
pub(crate) fn read_refusing(context: &Context, people: &[String]) -> Result<Vec<String>, Error> {
    let mut refusing = Vec::new();
    for person in people {
        // Somebody who is not known is told by another rule.
        match refuses(context, person) {
            Ok(true) => refusing.push(person.clone()),
            Ok(false) | Err(Error::NotFound | Error::Invalid(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(refusing)
}

/// Keeps whether the person of this call wants no points.
pub(crate) fn put_refusal(outcome: &mut Outcome, person: &str, refuses: bool) -> Result<(), Error> {
    let target = Target::person(person);
    if refuses { outcome.put_mark(&target, NO_POINTS, "1") } else { outcome.delete_mark(&target, NO_POINTS) }
}

/// From one person to another, in the times that the rules ask about.
struct Spans {
    day: Flow,
    week: Flow,
    month: Flow,
}

impl Spans {
    fn of(now: Instant, giver: &str, person: &str) -> Self {
        let pair = || Flow::new(UNIT, GAVE).from(giver).to(person);
        // After 24 hours to the microsecond it is another day.
        Self {
            day: pair().since(now.saturating_sub(DAY_MICROS) + 1),
            week: pair().since(now.saturating_sub(7 * DAY_MICROS) + 1),
            month: pair().since_start_of(Period::Month),
        }
    }

    fn all(self) -> [Flow; 3] {
        [self.day, self.week, self.month]
    }
}

fn given_this_month(giver: &str) -> Flow {
    Flow::new(UNIT, GAVE).from(giver).since_start_of(Period::Month)
}

fn sum(context: &Context, flows: &[Flow]) -> Result<Vec<FlowSum>, Error> {
    context.ledger().sum_flows(flows)
}

fn number(amount: i64) -> u32 {
    u32::try_from(amount.max(0)).unwrap_or(u32::MAX)
}

/// Points that go with thanks.
#[derive(Clone, Debug)]
pub(crate) struct Gift {
    /// How much each gets.
    pub(crate) amount: u32,
    /// Who gets points; the others are thanked without.
    pub(crate) paid: Vec<String>,
    purse: Purse,
}

impl Gift {
    /// What is filled in, if that can be given; none for thanks without points.
    pub(crate) fn plan(
        context: &Context,
        giver: &str,
        people: &[String],
        typed: &str,
    ) -> Result<Option<Self>, Refusal> {
        let typed = typed.trim();
        let amount: u32 = match typed.parse() {
            Ok(amount) => amount,
            Err(_) if typed.is_empty() => 0,
            Err(_) => return Err(Refusal::field("points", "points-wrong")),
        };
        if amount == 0 {
            return Ok(None);
        }
        let purse = Purse::read(context, giver)?;
        let pairs = read_pairs(context, giver, people)?;
        let refusing = read_refusing(context, people)?;
        let counts =
            |(id, pair): &(&String, Pair)| !refusing.contains(id) && purse.without(*pair, amount).is_none();
        let paid: Vec<String> = people.iter().zip(pairs).filter(counts).map(|(id, _)| id.clone()).collect();
        // What is too much for everybody is a mistake, and not a way to thank without points.
        let asked = u32::try_from(paid.len().max(1)).unwrap_or(u32::MAX);
        purse.check(amount, asked).map_err(|problem| Refusal::field("points", problem))?;
        Ok(Some(Self { amount, paid, purse }).filter(|gift| !gift.paid.is_empty()))
    }

    /// What goes with joining in: a point for each who can have one, as far as that goes for all of them.
    pub(crate) fn of_joining(
        context: &Context,
        giver: &str,
        people: &[String],
    ) -> Result<Option<Self>, Error> {
        match Self::plan(context, giver, people, JOINING) {
            Ok(gift) => Ok(gift),
            // Whoever has too little joins in all the same.
            Err(Refusal::Invalid(_)) => Ok(None),
            Err(_) => Err(Error::Unavailable),
        }
    }

    /// Transfers them, on the condition that what was read still holds: otherwise all is decided anew.
    pub(crate) fn record(
        &self,
        context: &Context,
        outcome: &mut Outcome,
        giver: &str,
        entry: &str,
    ) -> Result<(), Error> {
        let mut all = self.purse.given;
        for person in &self.paid {
            all = all.saturating_add(self.amount);
            outcome.post(&Transfer::new(UNIT, GAVE, entry, self.amount).to(person), Otherwise::Rerun)?;
            let Spans { day, week, month } = Spans::of(context.now(), giver, person);
            outcome.require_at_most(&day, None, Some(1), Otherwise::Rerun)?;
            outcome.require_at_most(&week, None, Some(PAIR_TRANSFERS_MAX), Otherwise::Rerun)?;
            let most = u64::from(self.purse.most_of_pair());
            outcome.require_at_most(&month, Some(most), None, Otherwise::Rerun)?;
        }
        // Half of what is left was counted from this.
        outcome.require_at_most(&given_this_month(giver), Some(all.into()), None, Otherwise::Rerun)
    }
}

//! Points: what somebody has, given and taken back.

use stoa_plugin::view::{View, ViewBuilder, label};
use stoa_plugin::{
    Action, Class, Context, Failure, Flow, Otherwise, Outcome, Period, Refusal, Transfer, Verb, Widget,
};

struct Ledger;

stoa_plugin::export!(Ledger);

impl Widget for Ledger {
    const VERBS: &'static [Verb] = &[Verb::new("give", Class::Mark), Verb::new("retract", Class::Mark)];

    fn view(context: &Context) -> Result<View, Failure> {
        let mut v = ViewBuilder::new();
        if let Some(me) = context.person() {
            let balance = context.ledger().get_balance("points", "score", &me.id)?;
            let gave = Flow::new("points", "gave").from(&me.id).since_start_of(Period::Month);
            let earned = Flow::new("points", "earned").to(&me.id).since(0);
            v.stat(label("heading"), balance.amount);
            for sum in context.ledger().sum_flows(&[gave, earned])? {
                v.stat(label("heading"), sum.amount).trend(i64::from(sum.transfers));
            }
        }
        Ok(v.finish())
    }

    fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = action.subject().unwrap_or_default();
        let to = action.field("to").unwrap_or_default();
        let me = context.person().ok_or_else(|| Refusal::denied("denied"))?;
        if action.verb() == "retract" {
            outcome.reverse("points", "gave", entry, Some(&me.id))?;
            return Ok(());
        }
        outcome.post(&Transfer::new("points", "gave", entry, 5).to(to), Otherwise::refuse("refused"))?;
        let flow = Flow::new("points", "gave").from(&me.id).to(to);
        outcome.require_at_most(&flow, Some(20), Some(3), Otherwise::Rerun)?;
        Ok(())
    }
}

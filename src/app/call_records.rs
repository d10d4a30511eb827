//! What is remembered from one live call to the next: people, their cards, what was left open, one's own figures.

use jiff::Zoned;

use crate::app::exports;
use crate::app::past_calls::{call_end, finish_cut_off};
use crate::nudges::{Policy, TargetProposal, propose_target};
use crate::people::{Card, StatedCard};
use crate::prepare::{HintInput, PreparationHint, preparation_hints};
use crate::records::CallRecord;
use crate::report::summary::{PriorCalls, Summary};
use crate::store::{CallFolder, DataDir, Journal, Store};
use crate::wire::StartPage;

/// So many calls are looked through for what is usual.
const LOOKED_THROUGH: usize = 100;

/// What is remembered.
pub(crate) struct CallRecords {
    store: Store,
}

impl CallRecords {
    /// Opens the user's own; forgets what is older than so many days, and ends what was cut off.
    #[cfg_attr(not(feature = "capture"), expect(dead_code, reason = "only live calls are remembered"))]
    #[expect(clippy::print_stderr, reason = "the command line's own voice")]
    pub(crate) fn open(days: u32) -> anyhow::Result<Self> {
        let mut store = Store::open(&DataDir::locate()?)?;
        store.forget_older(days, Zoned::now().timestamp())?;
        for call in store.cut_off_calls()? {
            let id = &call.start.id;
            match finish_cut_off(&mut store, &call) {
                Ok(_) => {
                    eprintln!("keicho: the call {id} was cut off; its summary is in {}", call.start.folder.display())
                }
                // Another start may be at it; the next one tries again.
                Err(error) => {
                    eprintln!("keicho: warning: the call {id} was cut off and cannot be ended yet: {error:#}")
                }
            }
        }
        Ok(Self { store })
    }

    /// The same for the server's threads.
    pub(super) fn another_connection(&self) -> anyhow::Result<Store> {
        Ok(self.store.reopen()?)
    }

    /// Lays what is known on the desk.
    pub(super) fn fill_start_page(&self, desk: &mut StartPage, policy: &Policy) -> anyhow::Result<()> {
        desk.people = self.store.people(&Zoned::now())?;
        desk.has_history = !self.store.calls(None, 1)?.is_empty();
        desk.proposal = self.proposal(desk, policy)?;
        desk.hints = self.hints(desk)?;
        Ok(())
    }

    /// What is still to be talked about with somebody, oldest first.
    pub(super) fn open_items(&self, name: &str) -> anyhow::Result<Vec<String>> {
        Ok(self.store.open_items(name)?.into_iter().map(|item| item.text).collect())
    }

    /// Writes down what somebody says today of how they like to talk.
    pub(super) fn set_card(&mut self, name: &str, card: Card) -> anyhow::Result<()> {
        let stated_on = Zoned::now().date().to_string();
        Ok(self.store.set_card(name, &StatedCard { card, stated_on })?)
    }

    /// Begins a call; its journal saves while it goes on.
    pub(super) fn begin_call(&mut self, record: &CallRecord) -> anyhow::Result<Journal> {
        Ok(self.store.begin_call(record)?)
    }

    /// Ends a call, and writes its `events.jsonl`.
    pub(super) fn end_call(&mut self, journal: Journal, summary: &Summary, folder: &CallFolder) -> anyhow::Result<()> {
        let saved = journal.finish(call_end(summary));
        self.store.export_events(&summary.call.id, folder)?;
        Ok(saved?)
    }

    /// The user's own calls before this one.
    pub(super) fn prior_calls(&self, id: &str) -> anyhow::Result<PriorCalls> {
        exports::prior_calls(&self.store, id)
    }

    /// Writes down what the user took their own share to be.
    pub(super) fn set_perceived(&mut self, id: &str, share: Option<f64>) -> anyhow::Result<()> {
        Ok(self.store.set_perceived(id, share)?)
    }

    fn proposal(&self, desk: &StartPage, policy: &Policy) -> anyhow::Result<Option<TargetProposal>> {
        let calls = self.store.calls(None, LOOKED_THROUGH)?;
        let of_mode = calls.iter().rev().filter(|call| call.start.mode == desk.choices.mode);
        let shares: Vec<f64> = of_mode.filter_map(|call| call.figures.as_ref()?.share).collect();
        Ok(propose_target(policy, &shares, policy.target(desk.choices.mode)))
    }

    fn hints(&self, desk: &StartPage) -> anyhow::Result<Vec<PreparationHint>> {
        let Some(with) = &desk.choices.with else { return Ok(Vec::new()) };
        let person = desk.people.iter().find(|person| person.name == *with);
        let last = self.store.calls(Some(with), LOOKED_THROUGH)?.into_iter().find_map(|call| call.figures);
        Ok(preparation_hints(&HintInput {
            target: desk.target,
            card: person.and_then(|person| person.card.clone()),
            open_items: person.map(|person| person.open_items.clone()).unwrap_or_default(),
            last,
        }))
    }
}

//! What a passport shows, one's own or another's.

use crate::{
    backing::Backing,
    command::{Answer, Subject, TimelineFilter},
    directory::{Household, Members},
    error::WalletError,
    history::History,
    journal::Opened,
    marks::mark,
    open::ScopeKeys,
    row::Space,
    said::statement,
    store::Store,
    synthesis,
    transport::Transport,
    view::{
        PassportView, RecordRight, RecordState, RecordView, SaleHint, SourceName, SourceView, TermsView, TimelinePage,
    },
    wallet::{Context, Wallet},
};
use carnet_passport::{
    OpenedRecord,
    battery::{self, BatteryView},
    odometer::{OdometerView, contradiction},
    sample::is_sample,
    timeline::{Filter, sort_newest_first},
};
use carnet_protocol::{
    day::{Day, Timestamp},
    encoding,
    grant::{Grant, GrantTerms},
    id::RecordId,
    member::MemberClass,
    quantity::Metres,
};
use rand_core::CryptoRng;
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

/// Entries on the first screen.
const FIRST_ENTRIES: u32 = 50;

/// Readings of a series that a screen can tell apart: more would lie on the same pixels, and all of 10,000 would keep the
/// page's thread busy for longer than a frame.
const POINTS: usize = 300;

/// Entries of one page.
const ENTRIES_MAX: u32 = 500;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn passport<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        if let Subject::Granted(grant) = subject {
            self.fetch_granted(*grant, cx).await?;
        }
        let members = self.members_for(subject).await?;
        self.classified(subject, &members, cx).await?;
        self.passport_view(subject, &members, cx.now).map(|view| Answer::Passport(Box::new(view)))
    }

    /// A passport that is in memory, its sources looked up.
    pub(crate) fn passport_view(
        &self,
        subject: &Subject,
        members: &Members,
        now: Timestamp,
    ) -> Result<PassportView, WalletError> {
        let own = match subject {
            Subject::Own(stream) => {
                let keys = self.session.unlocked()?.keyring.vehicle(*stream)?;
                let ended = keys.held.as_ref().is_some_and(|held| held.ended);
                Some((keys.name.clone(), keys.sample, keys.is_sold() || ended))
            }
            Subject::Granted(_) | Subject::Link => None,
        };
        let staff = self.reading_staff(subject)?;
        let history = self.history_of(subject)?;
        let opened = history.newest();
        mark("classes");
        let granted = opened.terms.as_ref().map(|terms| (terms.vehicle_name.clone(), terms.sample, false));
        let (name, sample, archive) = own.or(granted).ok_or(WalletError::NotFound)?;
        let backing = Backing::of(&history);
        let records: &[OpenedRecord] = &backing.judged;
        mark("backing");
        let battery = battery::view(records);
        mark("battery");
        let timeline = page(&history, members, &backing, &TimelineFilter::default(), 0..FIRST_ENTRIES);
        mark("timeline");
        let synthesis = synthesis::view(&history, members, &backing, staff, now);
        mark("synthesis");
        let view = PassportView {
            vehicle: opened.stream,
            name,
            sample: sample || is_sample(history.records()),
            archive,
            odometer_readings: count(&backing.views.odometer.points),
            quarantine: backing.quarantine(members),
            sources: sources(records, members),
            battery_readings: battery.as_ref().map_or(0, |battery| count(&battery.points)),
            battery: battery.map(thinned_battery),
            timeline,
            synthesis,
            standing: synthesis::proved_standing(&history, members),
            owners: history.owners(),
            identity: backing.views.identity,
            odometer: thinned_odometer(backing.views.odometer),
            summary: backing.views.summary,
            completeness: history.completeness(),
            proof: history.proof_view(),
            signatures: history.signatures(members),
            terms: opened.terms.clone(),
        };
        mark("views");
        Ok(view)
    }

    /// The class of the member on whose behalf a granted passport is read; `None` for a passport kept from a link.
    fn reading_staff(&self, subject: &Subject) -> Result<Option<MemberClass>, WalletError> {
        let Subject::Granted(grant) = subject else { return Ok(None) };
        let keyring = &self.session.unlocked()?.keyring;
        let staff = keyring.staff.as_ref().filter(|_| keyring.saved(*grant).is_none());
        Ok(staff.map(|staff| staff.class))
    }

    pub(crate) async fn timeline<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        filter: &TimelineFilter,
        offset: u32,
        limit: u32,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let members = self.members_for(subject).await?;
        let history = self.classified(subject, &members, cx).await?;
        let shown = offset..offset.saturating_add(limit.min(ENTRIES_MAX));
        Ok(Answer::Timeline(page(&history, &members, &Backing::of(&history), filter, shown)))
    }

    pub(crate) async fn record<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        record: RecordId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let members = self.members_for(subject).await?;
        let history = self.classified(subject, &members, cx).await?;
        let (backing, (part, record)) = (Backing::of(&history), history.record(record)?);
        Ok(Answer::Record(Box::new(backed(record, part, &history, &members, &backing))))
    }

    pub(crate) async fn check_reading<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        day: Day,
        odometer: Metres,
        besides: Option<RecordId>,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let members = self.members_for(subject).await?;
        let history = self.classified(subject, &members, cx).await?;
        let mut judged = Backing::of(&history).judged;
        if let Some(besides) = besides {
            judged.to_mut().retain(|record| record.record != besides);
        }
        let found = contradiction(&judged, day, odometer);
        Ok(Answer::Contradiction(found))
    }

    pub(crate) async fn members_for(&self, subject: &Subject) -> Result<Members, WalletError> {
        match subject {
            Subject::Link => Ok(self.open_link.as_ref().ok_or(WalletError::NotFound)?.members.clone()),
            Subject::Own(stream) => {
                let household = Household::of(&self.session.unlocked()?.keyring, *stream)?;
                Ok(self.directory().await?.within(household))
            }
            Subject::Granted(_) => self.directory().await,
        }
    }

    /// A passport in memory: brought there where it is not, and with what other tabs wrote.
    pub(crate) async fn subject<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        cx: &mut Context<'_, R>,
    ) -> Result<&Opened, WalletError> {
        self.subject_mut(subject, cx).await.map(|opened| &*opened)
    }

    pub(crate) async fn subject_mut<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        cx: &mut Context<'_, R>,
    ) -> Result<&mut Opened, WalletError> {
        match subject {
            Subject::Own(stream) => {
                self.load_own(*stream).await?;
                self.opened_mut(Space::from(*stream))
            }
            Subject::Granted(grant) => {
                if self.opened(Space::from(*grant)).is_err() {
                    self.fetch_granted(*grant, cx).await?;
                }
                self.opened_mut(Space::from(*grant))
            }
            Subject::Link => self.linked(cx).await,
        }
    }
}

fn count<P>(points: &[P]) -> u32 {
    u32::try_from(points.len()).unwrap_or(u32::MAX)
}

/// Every so many-th reading, with the first, the last and those that clash.
fn thinned_odometer(mut odometer: OdometerView) -> OdometerView {
    let clashing: HashSet<RecordId> =
        odometer.report.findings.iter().flat_map(|found| [found.earlier.record, found.later.record]).collect();
    thin(&mut odometer.points, |point| clashing.contains(&point.record));
    odometer
}

fn thinned_battery(mut battery: BatteryView) -> BatteryView {
    thin(&mut battery.points, |_| false);
    battery
}

/// Leaves about [`POINTS`], evenly, and whatever is to be kept.
fn thin<P>(points: &mut Vec<P>, keep: impl Fn(&P) -> bool) {
    let (step, last) = (points.len().div_ceil(POINTS).max(1), points.len().saturating_sub(1));
    let mut index = 0;
    points.retain(|point| {
        let stays = index % step == 0 || index == last || keep(point);
        index += 1;
        stays
    });
}

fn sources(records: &[OpenedRecord], members: &Members) -> Vec<SourceView> {
    let mut counts: HashMap<SourceName, u32> = HashMap::new();
    for record in records {
        *counts.entry(members.source(record)).or_default() += 1;
    }
    let mut sources: Vec<SourceView> =
        counts.into_iter().map(|(source, records)| SourceView { source, records }).collect();
    // The most first; where as many, always in the same order.
    sources.sort_by_cached_key(|view| (core::cmp::Reverse(view.records), encoding::encode(&view.source)));
    sources
}

fn page(
    history: &History<'_>,
    members: &Members,
    backing: &Backing<'_>,
    filter: &TimelineFilter,
    range: Range<u32>,
) -> TimelinePage {
    let words = Filter { categories: filter.categories.clone(), text: filter.text.clone(), ..Filter::default() };
    let chosen: Vec<&OpenedRecord> = history
        .parts()
        .iter()
        .flat_map(|part| &part.records)
        // What is said of a record is shown beside it.
        .filter(|record| statement(record).is_none())
        .filter(|record| filter.days.is_none_or(|days| days.contains(record.day)))
        .filter(|record| words.matches(record))
        .collect();
    page_of(chosen, history, members, backing, range)
}

/// So many of these records, newest first.
pub(crate) fn page_of(
    mut chosen: Vec<&OpenedRecord>,
    history: &History<'_>,
    members: &Members,
    backing: &Backing<'_>,
    range: Range<u32>,
) -> TimelinePage {
    sort_newest_first(&mut chosen);
    let total = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
    let places: HashMap<RecordId, usize> = match history.parts() {
        [_] => HashMap::new(),
        parts => parts
            .iter()
            .enumerate()
            .flat_map(|(place, part)| core::iter::repeat(place).zip(&part.records))
            .map(|(place, record)| (record.record, place))
            .collect(),
    };
    let place = |record: &OpenedRecord| places.get(&record.record).copied().unwrap_or_default();
    let shown = chosen.into_iter().skip(range.start as usize).take(range.len());
    let entries = shown.map(|record| backed(record, place(record), history, members, backing));
    TimelinePage { total, entries: entries.collect() }
}

/// A record with what stands behind it.
fn backed(
    record: &OpenedRecord,
    part: usize,
    history: &History<'_>,
    members: &Members,
    backing: &Backing<'_>,
) -> RecordView {
    let (id, said) = (record.record, backing.said(record.record));
    RecordView {
        quality: backing.quality(id).cloned(),
        findings: backing.findings(id),
        quarantined: said.is_quarantined(id),
        said: said.views(id, members),
        rectified_by: said.rectified_by(id),
        ..view(record, part, history, members)
    }
}

/// A record by itself.
pub(crate) fn view(record: &OpenedRecord, part: usize, history: &History<'_>, members: &Members) -> RecordView {
    let opened = history.parts()[part];
    let right = match () {
        () if !members.may_write() => RecordRight::Reader,
        () if opened.own == opened.owner => RecordRight::Owner,
        () if opened.own == record.source => RecordRight::Author,
        () => RecordRight::Reader,
    };
    let state = match opened.leaves.get(&record.record) {
        Some(leaf) if leaf.withdrawn => RecordState::Withdrawn,
        Some(_) => RecordState::Committed,
        None if opened.is_closed() => RecordState::TooLate,
        None => RecordState::Waiting,
    };
    RecordView {
        record: record.record,
        day: record.day,
        category: record.category(),
        fact: record.payload.fact.clone(),
        note: record.payload.note.clone(),
        method: record.payload.method,
        source: members.source(record),
        right,
        written_at: record.payload.written_at,
        attachments: record.payload.attachments.clone(),
        earlier_owner: part > 0,
        both_signed: history.both_signed(part, &record.payload.fact),
        state,
        quality: None,
        findings: Vec::new(),
        quarantined: false,
        said: Vec::new(),
        rectifies: record.payload.rectifies,
        rectified_by: Vec::new(),
    }
}

/// Terms of a grant as a reader sees them.
pub(crate) fn terms_view(grant: &Grant, terms: &GrantTerms, scopes: &[ScopeKeys]) -> TermsView {
    let mut shared: Vec<_> = scopes.iter().map(|scope| (scope.category, scope.cover.range())).collect();
    shared.sort();
    shared.dedup();
    TermsView {
        grant: grant.grant,
        vehicle_name: terms.vehicle_name.clone(),
        audience: terms.audience.clone(),
        purpose: terms.purpose,
        message: terms.message.clone(),
        scopes: shared,
        not_shared: terms.not_shared.clone(),
        shared_at: terms.shared_at,
        issued_at: grant.issued_at,
        not_after: grant.not_after,
        renewed: terms.renewed,
        sample: terms.sample,
        sale: SaleHint::None,
    }
}

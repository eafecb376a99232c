//! Cars with any number of records, for measuring. Compiled only with the feature `bench`.

mod check;
mod every_key;

use crate::{
    command::{Answer, Audience, ShareDraft, ShareScope},
    error::WalletError,
    marks::{mark, take},
    record::sealing::NewRecord,
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet, boxed},
};
use carnet_protocol::{
    category::Category,
    day::{Day, DayRange, Timestamp},
    grant::Purpose,
    id::{GrantId, StreamId},
    payload::{
        BatteryReading, Fact, Maintenance, MaintenanceKind, Method, OdometerReading, Origin, OriginKind,
        VehicleIdentity,
    },
    quantity::{Metres, Percent},
};
use rand_core::CryptoRng;

/// Days over which the records are spread: ten years.
const LIFE_DAYS: u32 = 3_652;

/// How long the link is good for: a week.
const LINK_MS: u64 = 7 * 24 * 3_600_000;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn add_bench_vehicle<R: CryptoRng>(
        &mut self,
        records: u32,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let today = cx.now.day();
        let all = (0..records).map(|n| {
            let age = u16::try_from(u64::from(records - n) * u64::from(LIFE_DAYS) / u64::from(records.max(1)));
            let day = Day(today.0.saturating_sub(age.unwrap_or_default()));
            record(n, day)
        });
        self.open_vehicle(format!("Bench {records}"), true, all.collect(), cx).await
    }

    /// What a revocation costs while so many others keep their shares of everything: its commit here, and all requests.
    pub(crate) async fn revoke_bench_vehicle<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        grantees: u32,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let mut grant = None;
        for _ in 0..=grantees {
            let draft = everything(cx.now)?;
            let Answer::Shared(shared) = boxed(|| self.share(vehicle, draft, cx)).await? else {
                return Err(WalletError::NotFound);
            };
            grant = Some(shared.share.grant);
        }
        boxed(|| self.synchronise(cx)).await?;
        take();
        mark("shared");
        let grant = grant.ok_or(WalletError::BadInput)?;
        boxed(|| self.revoke(vehicle, grant, cx)).await?;
        mark("revoke");
        boxed(|| self.push_lane(Space::from(vehicle), cx)).await?;
        mark("send");
        Ok(Answer::Marks(take()))
    }

    /// A link for everything that there is.
    pub(crate) async fn share_bench_vehicle<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.share(vehicle, everything(cx.now)?, cx).await
    }

    /// Keeps the first screen of a car now, or drops it and keeps none until the next start.
    pub(crate) async fn bench_screen<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        keep: bool,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        if keep {
            self.load_own(vehicle).await?;
            self.session.unlocked_mut()?.shown.last = Some(vehicle);
            self.keep_first_screen(cx.now, cx.rng).await?;
        } else {
            self.build = None;
            let mut batch = Batch::default();
            batch.delete(Table::Wallet, Space::from(vehicle).shown());
            self.store.commit(batch).await?;
        }
        Ok(Answer::Done)
    }

    /// The size of a grant on the wire.
    pub(crate) async fn bench_grant_bytes(&self, grant: GrantId) -> Result<Answer, WalletError> {
        let envelope = self.store.read(Table::Grants, &row::given(grant)).await?;
        Ok(Answer::Bytes(envelope.map_or(0, |bytes| bytes.len() as u64)))
    }
}

/// A link for everything.
fn everything(now: Timestamp) -> Result<ShareDraft, WalletError> {
    // The range with the largest cover: 30 keys for each category.
    let days = DayRange::new(Day(1), Day(u16::MAX - 1)).map_err(|_| WalletError::BadInput)?;
    Ok(ShareDraft {
        audience: Audience::Link { name: "Bench".into(), max_opens: None, pin: None },
        purpose: Purpose::Purchase,
        scopes: Category::ALL.map(|category| ShareScope { category, days }).to_vec(),
        not_after: Some(now.plus(LINK_MS)),
        message: None,
    })
}

fn record(n: u32, day: Day) -> NewRecord {
    let odometer = Metres(u64::from(n) * 20_000);
    let fact = match n % 10 {
        _ if n == 0 => Fact::Identity(VehicleIdentity {
            make: Some("Bench".into()),
            model: Some("Car".into()),
            ..VehicleIdentity::default()
        }),
        0 => Fact::Maintenance(Maintenance {
            kind: MaintenanceKind::Service,
            description: format!("Inspection and oil, number {n}"),
            odometer: Some(odometer),
            cost: None,
            workshop: None,
        }),
        1..=3 => Fact::Battery(BatteryReading {
            charge: Percent::new((n % 80) as u8 + 20).unwrap_or_else(|_| unreachable!("at most 99")),
            usable_charge: None,
            rated_range: Some(Metres(u64::from(n % 80 + 20) * 4_000)),
            estimated_range: None,
            health: None,
            odometer: Some(odometer),
        }),
        _ => Fact::Odometer(OdometerReading { odometer }),
    };
    NewRecord {
        day,
        at: None,
        method: Method::Sample,
        origin: Origin { kind: OriginKind::Sample, import: None },
        fact,
        note: None,
        files: Vec::new(),
    }
}

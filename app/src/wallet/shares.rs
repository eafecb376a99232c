//! Calls about sharing one's own cars.

use super::session::calls;
use super::{CallError, WalletClient};
use carnet_protocol::id::{GrantId, StreamId};
use carnet_wallet::{
    command::{Answer, Command, ShareDraft, ShareScope},
    view::{LookView, MemberView, SharePreview, ShareView, SharedView},
};

calls! {
    /// The consortium's members.
    members() => Command::Members, Answer::Members(members) => members, Vec<MemberView>;

    /// What a share with these terms would show and not show.
    preview_share(vehicle: StreamId, scopes: Vec<ShareScope>) =>
        Command::PreviewShare { vehicle, scopes }, Answer::SharePreview(preview) => preview, SharePreview;

    /// Shares.
    share(vehicle: StreamId, draft: ShareDraft) =>
        Command::Share { vehicle, draft }, Answer::Shared(view) => *view, SharedView;

    /// Shares of a car, newest first.
    shares(vehicle: StreamId) => Command::Shares { vehicle }, Answer::Shares(views) => views, Vec<ShareView>;

    /// The link of a share again, for showing it.
    show_link(vehicle: StreamId, grant: GrantId) =>
        Command::ShowLink { vehicle, grant }, Answer::Shared(view) => *view, SharedView;

    /// Takes a share back.
    revoke(vehicle: StreamId, grant: GrantId) => Command::Revoke { vehicle, grant }, Answer::Done => (), ();

    /// Who looked, newest first.
    looks(vehicle: StreamId) => Command::Looks { vehicle }, Answer::Looks(views) => views, Vec<LookView>;
}

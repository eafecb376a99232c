//! Calls about holding a car together.

use super::session::calls;
use super::{CallError, WalletClient};
use carnet_protocol::{id::StreamId, key::VerifyingKey};
use carnet_wallet::{
    command::{Answer, Command, HouseholdCommand},
    view::{HolderView, InvitationView, JoiningView, OfferView},
};

calls! {
    /// Invites someone with a wallet to hold a car together.
    invite_holder(vehicle: StreamId, name: String, private: bool) =>
        Command::Household(HouseholdCommand::Invite { vehicle, name, private }), Answer::Invitation(view) => view, InvitationView;

    /// People invited to hold a car together, newest first.
    holders(vehicle: StreamId) => Command::Household(HouseholdCommand::Holders { vehicle }), Answer::Holders(views) => views, Vec<HolderView>;

    /// An invitation again, while it can be answered.
    show_invitation(vehicle: StreamId, holder: VerifyingKey) =>
        Command::Household(HouseholdCommand::ShowInvitation { vehicle, holder }), Answer::Invitation(view) => view, InvitationView;

    /// Ends an invitation, or holding the car together.
    remove_holder(vehicle: StreamId, holder: VerifyingKey) =>
        Command::Household(HouseholdCommand::Remove { vehicle, holder }), Answer::Done => (), ();

    /// What an invitation offers.
    read_invitation(code: String) => Command::Household(HouseholdCommand::ReadInvitation { code }), Answer::Offer(view) => view, OfferView;

    /// Answers an invitation.
    join_vehicle(code: String) => Command::Household(HouseholdCommand::Join { code }), Answer::Joinings(views) => views, Vec<JoiningView>;

    /// Invitations that were answered and wait for their owner.
    joinings() => Command::Household(HouseholdCommand::Joinings), Answer::Joinings(views) => views, Vec<JoiningView>;

    /// Removes a car whose holding together has ended.
    forget_held(vehicle: StreamId) => Command::Household(HouseholdCommand::Forget { vehicle }), Answer::Done => (), ();
}

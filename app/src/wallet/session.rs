//! Calls about the wallet as a whole.

use super::{CallError, WalletClient};
use crate::passkey::Answered;
use carnet_wallet::{
    command::{Answer, Command},
    view::{SyncView, WalletStatus},
};

/// Makes methods of [`WalletClient`], each of which sends one command and takes one kind of answer.
///
/// Every answer of another kind means that page and worker are of different builds.
macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) => $command:expr, $pattern:pat => $value:expr, $answer:ty;)*) => {
        impl WalletClient {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// [`CallError`].
                pub fn $name(
                    &self,
                    $($argument: $type),*
                ) -> impl Future<Output = Result<$answer, CallError>> + use<> {
                    let answer = self.call($command);
                    async move {
                        match answer.await? {
                            $pattern => Ok($value),
                            _ => Err(CallError::Worker),
                        }
                    }
                }
            )*
        }
    };
}
pub(super) use calls;

calls! {
    /// Draws 24 words for a new wallet.
    draw_words() => Command::DrawWords, Answer::Words(words) => words, Vec<String>;

    /// Makes the wallet from the drawn words; `check` holds positions (from 0) and words as typed.
    create_wallet(check: Vec<(u8, String)>, passphrase: String) =>
        Command::CreateWallet { check, passphrase }, Answer::Status(status) => status, WalletStatus;

    /// Opens the wallet.
    unlock(passphrase: String) => Command::Unlock { passphrase }, Answer::Status(status) => status, WalletStatus;

    /// Opens the wallet with what a passkey gave.
    unlock_with_passkey(answered: Answered) =>
        Command::UnlockWithPasskey { credential: answered.credential, output: answered.output },
        Answer::Status(status) => status, WalletStatus;

    /// Lets a passkey open the wallet too.
    add_passkey(passphrase: String, name: String, answered: Answered) => {
        let Answered { credential, salt, output } = answered;
        Command::AddPasskey { passphrase, name, credential, salt, output }
    }, Answer::Status(status) => status, WalletStatus;

    /// Forgets a passkey.
    remove_passkey(credential: Vec<u8>) =>
        Command::RemovePasskey { credential }, Answer::Status(status) => status, WalletStatus;

    /// Sets another passphrase.
    change_passphrase(current: String, next: String) => Command::ChangePassphrase { current, next }, Answer::Done => (), ();

    /// Checks that these are the wallet's words.
    rehearse_words(words: String) => Command::RehearseWords { words }, Answer::Done => (), ();

    /// Makes the wallet again from its words.
    restore_wallet(words: String, passphrase: String) =>
        Command::RestoreWallet { words, passphrase }, Answer::Status(status) => status, WalletStatus;

    /// Locks the wallet, in every tab.
    lock() => Command::Lock, Answer::Status(status) => status, WalletStatus;

    /// Sets after how many minutes without use the wallet locks; 0 never.
    set_idle_lock(minutes: u16) =>
        Command::SetIdleLock { minutes }, Answer::Status(status) => status, WalletStatus;

    /// Removes the wallet from this browser; the words bring it back.
    remove_wallet() => Command::RemoveWallet, Answer::Status(status) => status, WalletStatus;

    /// Sends what waits and fetches what is new, now.
    synchronise() => Command::Sync, Answer::Sync(view) => view, SyncView;
}

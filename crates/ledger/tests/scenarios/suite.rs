//! One suite of scenarios, generic over the host of the rules; every host runs all of it.

pub mod attestation;
pub mod fabric_like;
pub mod fabric_like_tests;
pub mod flags;
pub mod grants;
pub mod holders;
pub mod host;
pub mod members;
pub mod order;
pub mod pairings;
pub mod privacy;
pub mod random;
pub mod random_cars;
pub mod records;
pub mod refusals;
pub mod sales;
pub mod streams;
pub mod transactions;
pub mod voting;
pub mod world;

/// A test per scenario on the host that `$new` makes.
macro_rules! scenario_tests {
    ($new:expr) => {
        scenario_tests! { @each $new;
            transactions: [
                the_first_transaction_makes_the_ledger,
                a_repeated_transaction_keeps_its_place,
                a_repeat_is_harmless_at_any_later_time,
                any_change_of_a_signed_transaction_is_refused,
                each_of_a_batch_stands_alone,
                a_batch_sees_its_own_effects
            ],
            members: [
                the_directory_holds_what_was_signed,
                admitting_the_same_member_again_changes_nothing,
                weak_keys_and_bad_names_are_refused
            ],
            streams: [
                a_stream_belongs_to_whoever_opened_it,
                a_closed_stream_takes_nothing_more,
                of_many_closings_one_wins
            ],
            records: [
                leaves_say_who_committed_what_and_when,
                leaves_come_in_pages,
                an_identical_entry_changes_nothing,
                a_conflict_changes_nothing_of_its_batch,
                who_puts_anothers_record_first_is_found_out,
                only_the_source_withdraws,
                the_longest_batch_fits
            ],
            holders: [
                a_co_holder_writes_as_the_owner_until_removed,
                co_holders_are_bounded_and_somebody_else,
                a_sale_is_the_owners_and_ends_holding_together
            ],
            grants: [
                a_grant_lives_its_life,
                the_end_of_a_grant_moves_ahead_while_it_stands,
                a_grant_revoked_before_it_is_heard_of_opens_nothing_when_it_comes,
                only_the_named_key_accepts,
                revoking_outlives_the_stream
            ],
            pairings: [
                a_paired_source_writes_and_others_stand_in_quarantine,
                repeating_anything_about_a_pairing_is_harmless,
                a_code_serves_the_first_who_claims_it_and_in_time,
                a_leave_is_the_owners_of_this_stream_and_says_where,
                owner_and_source_end_a_pairing_and_nobody_else,
                quarantine_is_bounded_per_member_and_stream,
                a_closed_stream_takes_nothing_from_sources
            ],
            voting: [
                members_set_the_index_of_a_class_by_vote,
                a_record_keeps_the_index_of_its_writing,
                a_vote_counts_once_and_stands,
                a_proposal_falls_or_runs_out,
                later_members_count_and_vote,
                concurrent_votes_decide_once
            ],
            attestation: [
                a_member_that_sees_the_car_binds_its_tag,
                the_records_of_a_sighting_must_be_there,
                a_second_passport_for_a_car_is_refused,
                reopening_links_and_carries_over_what_stands,
                what_is_carried_over_is_bounded,
                a_garage_does_not_close_anothers_passport,
                the_key_for_tags_is_named_once,
                of_many_attestations_of_a_tag_one_wins
            ],
            flags: [
                only_those_who_may_declare,
                a_wreck_is_lifted_after_a_second_report,
                a_theft_is_lifted_by_who_may,
                a_lien_is_lifted_by_its_bank,
                declarations_are_bounded_and_their_names_used_once,
                closing_does_not_keep_a_wreck_off,
                history_is_whole
            ],
            sales: [
                a_sale_closes_one_passport_and_opens_the_next,
                what_stands_against_the_car_goes_along,
                an_offer_freezes_the_owner_and_nobody_else,
                an_offer_is_taken_back_or_lapses,
                only_who_has_the_code_accepts_what_was_offered,
                a_stolen_car_is_not_sold_and_a_lien_is_acknowledged,
                the_chain_of_owners_grows_and_names_nobody,
                of_a_thousand_concurrent_acceptances_one_wins,
                of_many_concurrent_offers_one_stands
            ],
            refusals: [every_refusal_is_reached_and_changes_nothing],
            order: [independent_streams_may_come_in_any_order, concurrent_batches_equal_some_order],
            privacy: [nothing_of_car_or_owner_is_on_the_ledger]
        }
    };
    (@each $new:expr; $($part:ident: [$($name:ident),*]),*) => {
        $($(
            #[test]
            fn $name() {
                crate::suite::$part::$name($new());
            }
        )*)*
    };
}

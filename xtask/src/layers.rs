//! The layers of the workspace: which crate is of which kind and may know which others.

/// What kind of crate it is, and so what it may touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Pure: time and randomness are arguments. Builds for wasm32.
    Core,
    /// Runs in the browser.
    Browser,
    /// Runs on a server.
    Server,
    /// Tests and tools; nothing depends on them.
    Outside,
}

/// The place of one crate.
pub struct Rule {
    /// The package.
    pub name: &'static str,
    /// Its kind.
    pub layer: Layer,
    /// Packages of the workspace that its normal build may depend on.
    pub may_know: &'static [&'static str],
}

/// All crates, from the inside out.
pub const RULES: [Rule; 19] = [
    Rule { name: "carnet-protocol", layer: Layer::Core, may_know: &[] },
    Rule { name: "carnet-crypto", layer: Layer::Core, may_know: &["carnet-protocol"] },
    Rule { name: "carnet-vin-tag", layer: Layer::Core, may_know: &["carnet-protocol", "carnet-crypto"] },
    Rule { name: "carnet-passport", layer: Layer::Core, may_know: &["carnet-protocol"] },
    Rule { name: "carnet-import", layer: Layer::Core, may_know: &["carnet-protocol", "carnet-passport"] },
    Rule { name: "carnet-proofs", layer: Layer::Core, may_know: &["carnet-protocol", "carnet-crypto"] },
    Rule {
        name: "carnet-wallet",
        layer: Layer::Core,
        may_know: &[
            "carnet-protocol",
            "carnet-crypto",
            "carnet-proofs",
            "carnet-vin-tag",
            "carnet-passport",
            "carnet-import",
        ],
    },
    Rule { name: "carnet-ledger", layer: Layer::Core, may_know: &["carnet-protocol", "carnet-crypto"] },
    // Stores and hosts of the core's traits.
    Rule {
        name: "carnet-wallet-indexeddb",
        layer: Layer::Browser,
        may_know: &["carnet-protocol", "carnet-crypto", "carnet-wallet"],
    },
    Rule {
        name: "carnet-ledger-embedded",
        layer: Layer::Server,
        may_know: &["carnet-protocol", "carnet-crypto", "carnet-ledger"],
    },
    Rule {
        name: "carnet-transparency",
        layer: Layer::Server,
        may_know: &["carnet-protocol", "carnet-crypto", "carnet-proofs", "carnet-ledger", "carnet-ledger-embedded"],
    },
    Rule {
        name: "carnet-fabric",
        layer: Layer::Server,
        may_know: &["carnet-protocol", "carnet-crypto", "carnet-ledger", "carnet-transparency"],
    },
    Rule {
        name: "carnet-node",
        layer: Layer::Server,
        may_know: &["carnet-protocol", "carnet-crypto", "carnet-proofs", "carnet-ledger", "carnet-transparency"],
    },
    // What anyone checks a file with, on their own machine.
    Rule { name: "carnet-cli", layer: Layer::Server, may_know: &["carnet-protocol", "carnet-crypto", "carnet-proofs"] },
    Rule {
        name: "carnet-server",
        layer: Layer::Server,
        may_know: &[
            "carnet-protocol",
            "carnet-crypto",
            "carnet-vin-tag",
            "carnet-proofs",
            "carnet-ledger",
            "carnet-ledger-embedded",
            "carnet-transparency",
            "carnet-fabric",
            // The demo's cosigners run in the relay's process where no others are named.
            "carnet-node",
        ],
    },
    Rule {
        name: "carnet-app",
        layer: Layer::Browser,
        may_know: &[
            "carnet-protocol",
            "carnet-crypto",
            "carnet-proofs",
            "carnet-wallet",
            "carnet-wallet-indexeddb",
            "carnet-passport",
            "carnet-import",
        ],
    },
    // Stands between client and relay in tests.
    Rule {
        name: "carnet-hostile-relay",
        layer: Layer::Outside,
        may_know: &["carnet-crypto", "carnet-protocol", "carnet-proofs", "carnet-transparency"],
    },
    Rule {
        name: "carnet-e2e",
        layer: Layer::Outside,
        may_know: &[
            "carnet-protocol",
            "carnet-crypto",
            "carnet-proofs",
            "carnet-passport",
            "carnet-import",
            "carnet-wallet",
            "carnet-ledger",
            "carnet-ledger-embedded",
            "carnet-transparency",
            "carnet-node",
            "carnet-server",
            "carnet-hostile-relay",
        ],
    },
    // Compiled first on a bare machine, so it knows none of them.
    Rule { name: "xtask", layer: Layer::Outside, may_know: &[] },
];

/// The layer of the crate `name`, if the rule has a place for it.
pub fn layer(name: &str) -> Option<Layer> {
    RULES.iter().find(|rule| rule.name == name).map(|rule| rule.layer)
}

/// Whether the crate `name` has to build for wasm32.
pub fn builds_for_wasm(name: &str) -> bool {
    matches!(layer(name), Some(Layer::Core | Layer::Browser))
}

/// Whether the crate `name` is of use only in a browser, so that native builds leave it out.
pub fn is_browser_only(name: &str) -> bool {
    layer(name) == Some(Layer::Browser)
}

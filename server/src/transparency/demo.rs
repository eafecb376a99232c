//! The demo's three cosigners in this process, where no others are named: for tests, and for whoever starts the relay
//! by hand. `cargo xtask serve` runs them as the programs of their own that members run.

use crate::{clock::Clock, config::Config};
use carnet_node::{RunningNode, StartError, start};
use std::{net::SocketAddr, sync::Arc};

/// Nodes that run.
pub struct DemoCosigners(Vec<RunningNode>);

impl DemoCosigners {
    /// Starts them when the configuration asks for the demo and names no cosigners.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(config: &Config, clock: &Arc<dyn Clock>) -> Result<Option<Self>, StartError> {
        if !config.demo || !config.cosigners.is_empty() || config.policy.is_some() {
            return Ok(None);
        }
        let mut running = Vec::new();
        for n in 1..=carnet_transparency::demo::COSIGNERS.len() {
            let node = carnet_node::Config {
                listen: SocketAddr::from(([127, 0, 0, 1], 0)),
                books: config.data_dir.join(format!("cosigner-{n}.redb")),
                demo: Some(n),
                ..carnet_node::Config::default()
            };
            let clock = clock.clone();
            running.push(start(&node, Arc::new(move || clock.now())).await?);
        }
        Ok(Some(Self(running)))
    }

    /// Where they listen.
    pub fn addresses(&self) -> Vec<String> {
        self.0.iter().map(|node| node.address.to_string()).collect()
    }

    /// Ends them.
    pub async fn shutdown(self) {
        for node in self.0 {
            node.shutdown().await;
        }
    }
}

//! The browser's entry: shows the application in a page; in a worker it does nothing, the worker's script calls on.

fn main() {
    carnet_app::start();
}

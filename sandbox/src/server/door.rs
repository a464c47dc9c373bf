//! The listening socket, which may be shut for a while: connections are refused then, as by a machine on which nothing
//! runs.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

/// An order to shut the door.
#[derive(Debug)]
pub(crate) struct Shut {
    /// For how long, in real time.
    pub(crate) length: Duration,
    /// Told when it is shut.
    pub(crate) done: oneshot::Sender<()>,
}

/// Refuses connections for a while, and listens again on the same port.
pub(super) async fn shut(listener: TcpListener, order: Shut) -> io::Result<TcpListener> {
    let address = listener.local_addr()?;
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    socket.set_reuseaddr(true)?;
    drop(listener);
    // Bound and not listening: the system refuses connections, and nobody else gets the port meanwhile.
    socket.bind(address)?;
    // Whoever ordered it may have gone.
    let _ = order.done.send(());
    tokio::time::sleep(order.length).await;
    socket.listen(BACKLOG)
}

//! One request, one connection, one answer.

use carnet_protocol::{
    api::{Problem, ProblemCode},
    encoding,
};
use http_body_util::{BodyExt as _, Full};
use hyper::{HeaderMap, Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde::{Serialize, de::DeserializeOwned};
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// A request as it goes out, kept to be replayed.
#[derive(Debug, Clone)]
pub struct Sent {
    pub method: &'static str,
    pub path: String,
    pub host: String,
    pub authorization: Option<String>,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub fn value<T: Serialize + DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        encoding::decode(&self.body).unwrap()
    }

    /// The code of a refusal, whose status agrees with its body.
    #[track_caller]
    pub fn code(&self) -> ProblemCode {
        let kind = self.headers.get("content-type").map(|kind| kind.to_str().unwrap());
        assert_eq!(kind, Some("application/problem+json"), "status {}", self.status);
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.status, self.status);
        problem.code
    }

    #[track_caller]
    pub fn done(&self) {
        assert_eq!(self.status, 204, "{}", String::from_utf8_lossy(&self.body));
    }
}

pub async fn send(address: SocketAddr, sent: &Sent) -> Answer {
    let mut request = Request::builder().method(sent.method).uri(&sent.path).header("host", &sent.host);
    if let Some(authorization) = &sent.authorization {
        request = request.header("authorization", authorization);
    }
    if !sent.body.is_empty() {
        request = request.header("content-type", "application/cbor");
    }
    send_raw(address, request.body(Full::new(Bytes::from(sent.body.clone()))).unwrap()).await
}

pub async fn send_raw(address: SocketAddr, request: Request<Full<Bytes>>) -> Answer {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    drop(sender);
    // Whether the relay closed first or not is no matter once the answer is here.
    let _ = connection.await;
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

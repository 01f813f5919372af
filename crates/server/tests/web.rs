//! The web app inside the server.

use picturelock_testkit::{TestServer, skip};
use reqwest::{Method, StatusCode};

#[tokio::test]
async fn the_web_app_travels_compressed_and_answers_do_not() {
    let server = TestServer::start().await;
    let mut visitor = server.visitor();
    let ask = |path: &str| visitor.request(Method::GET, path).header("accept-encoding", "gzip");
    let (page, answer) = (ask("/projects"), ask("/api/setup"));
    let answer = visitor.send(answer).await;
    assert!(!answer.headers.contains_key("content-encoding"));
    let page = visitor.send(page).await;
    if page.status == StatusCode::NOT_FOUND {
        skip("the web app is not built");
        return;
    }
    assert_eq!(page.headers["content-encoding"], "gzip");
    assert_eq!(page.headers["content-type"], "text/html");
}

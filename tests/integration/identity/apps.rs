//! Apps that show a token reach what they were granted, and nothing else.

use ottavo_test_support::{TestHost, secret_file};
use ottavo_wire::v1::state_client::StateClient;
use ottavo_wire::v1::{StateEntry, StateGetRequest, StateListKeysRequest, StateSetRequest};
use tempfile::TempDir;
use tonic::metadata::AsciiMetadataValue;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::{eventually, token};

/// A host with the apps `shop`, which has some keys, and `desk`, which has everything.
async fn host(folder: &TempDir) -> TestHost {
    secret_file(&folder.path().join("shop"), &token('s'));
    secret_file(&folder.path().join("desk"), &token('d'));
    let folder = folder.path().display();
    let config = format!(
        "[state.default]\ndriver = \"memory\"\n[state.other]\ndriver = \"memory\"\n\
         [app.shop]\ntoken_file = \"{folder}/shop\"\nstate = [\"default:cart/*\", \"default:total\"]\n\
         [app.desk]\ntoken_file = \"{folder}/desk\"\neverything = true\n"
    );
    TestHost::builder().config(config).start().await.unwrap()
}

fn with<T>(message: T, authorization: Option<&str>) -> Request<T> {
    let mut request = Request::new(message);
    if let Some(value) = authorization {
        let value: AsciiMetadataValue = value.parse().unwrap();
        request.metadata_mut().insert("authorization", value);
    }
    request
}

async fn set(
    state: &mut StateClient<Channel>,
    (store, key): (&str, &str),
    authorization: Option<&str>,
) -> Result<(), Status> {
    let entry = StateEntry { key: key.into(), data: b"1".to_vec().into(), ..Default::default() };
    let message = StateSetRequest { store: store.into(), entry: Some(entry) };
    state.set(with(message, authorization)).await.map(drop)
}

#[tokio::test]
async fn an_app_reaches_what_it_was_granted_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder).await;
    let mut state = host.state().await.unwrap();
    let (shop, desk) = (format!("Bearer {}", token('s')), format!("bearer {}", token('d')));
    for (place, by_shop) in [
        (("default", "cart/7"), true),
        (("default", "total"), true),
        (("default", "totals"), false),
        (("default", "users/1"), false),
        (("other", "cart/7"), false),
    ] {
        let code = |outcome: Result<(), Status>| outcome.err().map(|status| status.code());
        let expected = (!by_shop).then_some(Code::PermissionDenied);
        assert_eq!(code(set(&mut state, place, Some(&shop)).await), expected, "{place:?}");
        assert_eq!(code(set(&mut state, place, Some(&desk)).await), None, "{place:?}");
    }
    let status = set(&mut state, ("default", "users/1"), Some(&shop)).await.unwrap_err();
    let said = status.message();
    assert!(said.contains("`users/1`") && said.contains("`cart/*`, `total`"), "{said}");

    // a single key is no right to look for what begins with it
    for (prefix, allowed) in [("cart/", true), ("cart/7", true), ("total", false), ("", false)] {
        let prefix_text = prefix.to_owned();
        let message = StateListKeysRequest {
            store: "default".into(),
            prefix: prefix_text,
            limit: 10,
            cursor: None,
        };
        let listed = state.list_keys(with(message, Some(&shop))).await;
        assert_eq!(listed.is_ok(), allowed, "{prefix}: {listed:?}");
    }
}

#[tokio::test]
async fn who_shows_no_token_or_a_wrong_one_is_told_what_to_send() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder).await;
    let mut state = host.state().await.unwrap();
    let nearly = format!("Bearer {}", &token('s')[1..]);
    let basic = format!("Basic {}", token('s'));
    for (authorization, part) in [
        (None, "send the metadata `authorization: Bearer TOKEN`"),
        (Some(nearly.as_str()), "none of this host's"),
        (Some(&basic), "send `Bearer TOKEN`"),
        (Some("Bearer "), "send `Bearer TOKEN`"),
    ] {
        let message =
            StateGetRequest { store: "default".into(), key: "total".into(), options: vec![] };
        let status = state.get(with(message, authorization)).await.unwrap_err();
        assert_eq!(status.code(), Code::Unauthenticated, "{authorization:?}");
        assert!(status.message().contains(part), "no `{part}` in: {}", status.message());
        assert!(!status.message().contains("ssss"), "{}", status.message());
    }
    // what two say is what nobody says
    let mut request = with(
        StateGetRequest { store: "default".into(), key: "total".into(), options: vec![] },
        Some(&format!("Bearer {}", token('s'))),
    );
    request.metadata_mut().append("authorization", "Bearer x".parse().unwrap());
    assert_eq!(state.get(request).await.unwrap_err().code(), Code::Unauthenticated);
    assert!(!host.log().contains("ssss") && !host.log().contains("anonymously"), "{}", host.log());

    // a probe has no token
    let channel = Channel::from_shared(format!("http://{}", host.grpc())).unwrap();
    let mut health = HealthClient::new(channel.connect().await.unwrap());
    let answer = health.check(HealthCheckRequest::default()).await.unwrap();
    assert_eq!(answer.into_inner().status, 1);
}

#[tokio::test]
async fn tokens_are_rotated_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder).await;
    let file = folder.path().join("shop");
    let mut state = host.state().await.unwrap();
    let mut known = async |letter: char| {
        let authorization = format!("Bearer {}", token(letter));
        set(&mut state, ("default", "total"), Some(&authorization)).await.is_ok()
    };
    assert!(known('s').await && !known('t').await);

    secret_file(&file, &format!("old {}\nnew {}\n", token('s'), token('t')));
    eventually(async || known('t').await, true).await;
    assert!(known('s').await, "both are good while clients change over");
    secret_file(&file, &format!("new {}\n", token('t')));
    eventually(async || known('s').await, false).await;
    assert!(known('t').await);

    // what cannot be used changes nothing, is said once, and is known to health until it is mended
    let health = async || host.health("/actuator/health").await.unwrap();
    assert_eq!(health().await.status, 200);
    secret_file(&file, "too short\n");
    eventually(async || health().await.status, 503).await;
    let told = health().await.json();
    let told = &told["components"]["app.shop.token_file"]["details"]["error"]["message"];
    assert!(told.as_str().unwrap().contains("use 32 to"), "{told}");
    assert!(host.log().contains("cannot be read again"));
    assert!(known('t').await);
    secret_file(&file, &format!("new {}\n", token('t')));
    eventually(async || health().await.status, 200).await;
    assert!(!host.log().contains(&token('t')) && !host.log().contains("too short"));
}

#[tokio::test]
async fn without_apps_whoever_reaches_the_door_uses_everything_and_the_log_says_so() {
    let host = TestHost::start().await.unwrap();
    let mut state = host.state().await.unwrap();
    set(&mut state, ("default", "anything"), None).await.unwrap();
    // what nobody asked for does no harm
    set(&mut state, ("default", "anything"), Some("Bearer x")).await.unwrap();
    assert!(host.log().contains("there is no `[app.NAME]`"), "{}", host.log());
}

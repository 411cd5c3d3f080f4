//! Google, or another OpenID provider in its place: where people are sent, and what comes back is checked.

mod cached;
mod client;
mod discovery;
mod id_token;
mod keys;
#[cfg(test)]
pub mod provider;
#[cfg(test)]
mod tests;

pub use discovery::is_safe;
pub use id_token::{IdToken, IdTokenError, same};

use crate::Config;
use anyhow::{Context, ensure};
use cached::Cached;
use client::{Client, FetchError};
use discovery::Provider;
use domain::account::GoogleRefusal;
use domain::{Timestamp, secret};
use id_token::Expected;
use keys::Keys;
use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use url::Url;

/// Where Google sends people back to.
pub const CALLBACK: &str = "/login/google/callback";
/// Google itself. Elsewhere another provider stands in for it, such as one of a test.
const GOOGLE: &str = "https://accounts.google.com";
/// What Google has called itself in older ID tokens, and still may.
const GOOGLE_SHORT: &str = "accounts.google.com";

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Why Google's word was not to be had, or not to be believed.
#[derive(Debug, thiserror::Error)]
pub enum GoogleError {
    #[error("Google does not answer as it should: {0}")]
    Away(String),
    #[error("Google does not take the code")]
    Code,
    #[error("an ID token is not believed: {0}")]
    IdToken(#[from] IdTokenError),
}

impl GoogleError {
    /// What the person is told.
    pub fn refusal(&self) -> GoogleRefusal {
        match self {
            Self::Away(_) => GoogleRefusal::Away,
            Self::Code => GoogleRefusal::Code,
            Self::IdToken(IdTokenError::Expired) => GoogleRefusal::Expired,
            Self::IdToken(_) => GoogleRefusal::Token,
        }
    }
}

impl From<Option<FetchError>> for GoogleError {
    fn from(error: Option<FetchError>) -> Self {
        Self::Away(error.map_or_else(|| "it did not a moment ago".to_owned(), |error| error.to_string()))
    }
}

/// A log-in that is about to begin at Google.
pub struct AuthorizationRequest {
    /// Where the person is sent.
    pub address: Url,
    /// What the answer has to bring back.
    pub state: String,
    /// What the ID token has to bring back.
    pub nonce: String,
    /// What the code is good for only together with (RFC 7636).
    pub verifier: String,
}

/// The token endpoint's answer, of which only the ID token is used.
#[derive(Deserialize, Serialize)]
struct WithIdToken {
    id_token: Option<String>,
}

impl fmt::Debug for WithIdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WithIdToken(…)")
    }
}

impl ExtraTokenFields for WithIdToken {}

/// `Doors` says whether it is known where the provider's are.
type OpenId<Doors> = oauth2::Client<
    BasicErrorResponse,
    StandardTokenResponse<WithIdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    Doors,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    Doors,
>;

/// The shop as Google knows it.
#[derive(Debug)]
pub struct Google {
    client_id: String,
    client_secret: ClientSecret,
    redirect: RedirectUrl,
    /// What it calls itself; the first is its name here.
    issuers: Vec<String>,
    /// Whose ID tokens programs may bring.
    programs: Vec<String>,
    client: Client,
    provider: Cached<Provider>,
    keys: Cached<Keys>,
}

impl Google {
    /// As configured; `None` for a shop without.
    ///
    /// # Errors
    /// When something is missing; the sentence names the key.
    pub fn new(config: &Config) -> anyhow::Result<Option<Self>> {
        let keys = &config.google;
        if keys.client_id.is_empty() {
            ensure!(
                keys.client_secret.is_empty() && keys.program_client_ids.is_empty(),
                "google.client_id is empty: set it as well, or leave google.client_secret and google.program_client_ids \
                 empty too"
            );
            return Ok(None);
        }
        ensure!(
            !keys.client_secret.is_empty(),
            "google.client_id is set without google.client_secret: set both, as Google shows them for the shop"
        );
        let public_url = config.public_url.trim_end_matches('/');
        ensure!(
            !public_url.is_empty(),
            "google.client_id is set without public_url: set it to the address of the shop, such as \
             https://shop.example, to which Google sends people back"
        );
        let redirect = RedirectUrl::new(format!("{public_url}{CALLBACK}")).context("public_url is no address")?;
        let issuer = Url::parse(&keys.issuer).ok().filter(is_safe);
        ensure!(issuer.is_some(), "google.issuer must be an https address, and is {:?}", keys.issuer);
        let mut issuers = vec![keys.issuer.clone()];
        if keys.issuer == GOOGLE {
            issuers.push(GOOGLE_SHORT.to_owned());
        }
        let mut programs = keys.programs();
        programs.push(keys.client_id.clone());
        Ok(Some(Self {
            client_id: keys.client_id.clone(),
            client_secret: ClientSecret::new(keys.client_secret.clone()),
            redirect,
            issuers,
            programs,
            client: Client::new()?,
            provider: Cached::new(Timestamp::DAY_MS),
            keys: Cached::new(HOUR_MS),
        }))
    }

    /// By which identities are kept.
    pub fn issuer(&self) -> &str {
        &self.issuers[0]
    }

    /// Sends somebody to Google; to log in there anew if `anew`.
    ///
    /// # Errors
    /// When Google does not answer.
    pub async fn authorize(&self, now: Timestamp, anew: bool) -> Result<AuthorizationRequest, GoogleError> {
        let provider = self.provider(now).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (state, nonce) = (secret::token(), secret::token());
        let openid = self.openid(&provider);
        let mut request = openid
            .authorize_url(|| CsrfToken::new(state.clone()))
            .add_scopes(["openid", "email", "profile"].map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("nonce", nonce.clone())
            .set_pkce_challenge(challenge);
        if anew {
            request = request.add_extra_param("max_age", "0");
        }
        // Google knows no `login`: choosing the account is as much as it asks for again.
        let prompt = match (self.issuer() == GOOGLE, anew) {
            (true, _) => Some("select_account"),
            (false, true) => Some("login"),
            (false, false) => None,
        };
        if let Some(prompt) = prompt {
            request = request.add_extra_param("prompt", prompt);
        }
        let (address, _) = request.url();
        Ok(AuthorizationRequest { address, state, nonce, verifier: verifier.into_secret() })
    }

    /// Whether an answer is from this provider, as far as it says (RFC 9207): one that another provider gave to the shop
    /// is not taken for this one's.
    ///
    /// # Errors
    /// When Google does not answer.
    pub async fn is_from_here(&self, now: Timestamp, issuer: Option<&str>) -> Result<bool, GoogleError> {
        match issuer {
            Some(issuer) => Ok(issuer == self.issuer()),
            None => Ok(!self.provider(now).await?.authorization_response_iss_parameter_supported),
        }
    }

    /// What Google says of whoever came back with a code.
    ///
    /// # Errors
    /// When Google does not answer or refuses, or its ID token is not to be believed.
    pub async fn redeem(
        &self,
        now: Timestamp,
        code: String,
        verifier: String,
        nonce: &str,
    ) -> Result<IdToken, GoogleError> {
        let provider = self.provider(now).await?;
        let openid = self.openid(&provider);
        let answer = openid
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&self.client)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(refusal) => match refusal.error() {
                    BasicErrorResponseType::InvalidGrant => GoogleError::Code,
                    other => GoogleError::Away(format!("it refuses to trade a code for a token: {other}")),
                },
                RequestTokenError::Request(error) => GoogleError::Away(error.to_string()),
                // Neither shows what stood in it.
                RequestTokenError::Parse(error, _) => GoogleError::Away(error.to_string()),
                RequestTokenError::Other(words) => GoogleError::Away(words),
            })?;
        let token = answer.extra_fields().id_token.as_deref().ok_or(IdTokenError::Missing)?;
        let audiences = std::slice::from_ref(&self.client_id);
        self.believe(token, Expected { issuers: &self.issuers, audiences, nonce: Some(nonce), now }).await
    }

    /// What an ID token says that a program got from Google. `nonce` is what the program sent to Google, if it did.
    ///
    /// # Errors
    /// When it is not to be believed, or Google's keys are not to be had.
    pub async fn check(&self, now: Timestamp, token: &str, nonce: Option<&str>) -> Result<IdToken, GoogleError> {
        let expected = Expected { issuers: &self.issuers, audiences: &self.programs, nonce, now };
        self.believe(token, expected).await
    }

    async fn believe(&self, token: &str, expected: Expected<'_>) -> Result<IdToken, GoogleError> {
        let header = id_token::head(token)?;
        let provider = self.provider(expected.now).await?;
        let fetch = || Keys::fetch(&self.client, &provider.jwks_uri);
        let mut keys = self.keys.get(expected.now, fetch()).await?;
        let known = header.kid.as_deref().is_some_and(|kid| keys.verifier(kid, header.alg).is_some());
        if !known {
            // A new key, perhaps.
            keys = self.keys.renew(expected.now, fetch()).await?;
        }
        Ok(id_token::believe(token, &header, &keys, expected)?)
    }

    async fn provider(&self, now: Timestamp) -> Result<Arc<Provider>, GoogleError> {
        Ok(self.provider.get(now, Provider::fetch(&self.client, self.issuer())).await?)
    }

    fn openid(&self, provider: &Provider) -> OpenId<EndpointSet> {
        let in_body = provider.wants_secret_in_body();
        OpenId::<EndpointNotSet>::new(ClientId::new(self.client_id.clone()))
            .set_client_secret(self.client_secret.clone())
            .set_auth_type(if in_body { AuthType::RequestBody } else { AuthType::BasicAuth })
            .set_auth_uri(AuthUrl::from_url(provider.authorization_endpoint.clone()))
            .set_token_uri(TokenUrl::from_url(provider.token_endpoint.clone()))
            .set_redirect_uri(self.redirect.clone())
    }
}

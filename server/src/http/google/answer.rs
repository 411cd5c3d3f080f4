//! What Google sends people back with: a code, or why there is none (RFC 6749, 4.1.2).

use url::form_urlencoded;

/// Longest value that is read, in characters.
const LONGEST: usize = 4096;

/// The answer of the authorization endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub state: Option<String>,
    pub code: Option<String>,
    pub error: Option<String>,
    /// Which provider answers (RFC 9207).
    pub issuer: Option<String>,
}

impl Answer {
    /// Reads the query of the address that somebody came back to; `None` when something stands in it twice (RFC 6749,
    /// 3.1) or is far too long. What is not known is ignored.
    pub fn read(query: &str) -> Option<Self> {
        let mut answer = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let field = match name.as_ref() {
                "state" => &mut answer.state,
                "code" => &mut answer.code,
                "error" => &mut answer.error,
                "iss" => &mut answer.issuer,
                _ => continue,
            };
            if value.len() > LONGEST || field.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        Some(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_is_a_code_or_a_refusal() {
        let answer = Answer::read("code=4%2Fabc&state=s&scope=email+openid&iss=https%3A%2F%2Fgoogle.example").unwrap();
        assert_eq!((answer.code.as_deref(), answer.state.as_deref()), (Some("4/abc"), Some("s")));
        assert_eq!((answer.issuer.as_deref(), answer.error), (Some("https://google.example"), None));
        assert_eq!(Answer::read("error=access_denied").unwrap().error.as_deref(), Some("access_denied"));
        assert_eq!(Answer::read(""), Some(Answer::default()));
    }

    #[test]
    fn what_is_said_twice_is_no_answer() {
        for query in ["state=a&state=a", "code=a&state=s&code=b", "error=a&error=b", "iss=a&iss=b"] {
            assert_eq!(Answer::read(query), None, "{query}");
        }
        assert_eq!(Answer::read(&format!("code={}", "x".repeat(5000))), None);
    }

    proptest! {
        #[test]
        fn any_query_is_read_or_refused(query in "(\\PC|[&=%+]|state|code|error|iss){0,80}") {
            if let Some(answer) = Answer::read(&query) {
                let values = [answer.state, answer.code, answer.error, answer.issuer];
                prop_assert!(values.into_iter().flatten().all(|value| value.len() <= LONGEST));
            }
        }

        #[test]
        fn what_is_sent_is_what_is_read(state in "\\PC{0,40}", code in "\\PC{0,40}") {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("state", &state)
                .append_pair("code", &code)
                .finish();
            let answer = Answer::read(&query).unwrap();
            prop_assert_eq!((answer.state, answer.code), (Some(state), Some(code)));
        }
    }
}

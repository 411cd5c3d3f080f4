//! Pages in bundles. A browser fetches a bundle when somebody first goes to one of its pages, so that nobody downloads what
//! they do not look at; what several bundles need, each of them shares.

use crate::AppError;
use crate::components::failure::Failure;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

/// `pages!(bundle: Route => Page)`: a route for each page, whose code is in the bundle.
///
/// Not `lazy_route`, which makes a file of each page and hundreds of what they share, has the browser fetch them all before
/// the page is painted, and panics where one cannot be fetched.
macro_rules! pages {
    ($bundle:ident: $($route:ident => $page:ident),* $(,)?) => { $(
        #[derive(Debug)]
        pub struct $route {}

        impl ::leptos_router::LazyRoute for $route {
            fn data() -> Self {
                Self {}
            }

            async fn view(_this: Self) -> ::leptos::prelude::AnyView {
                use ::leptos::prelude::{AnyView, IntoAny};
                use ::leptos::wasm_split::{SplitLoaderError, wasm_split};

                #[allow(non_snake_case)]
                #[wasm_split($bundle, wasm_split_path = ::leptos::wasm_split, fallible)]
                fn $route() -> Result<AnyView, SplitLoaderError> {
                    Ok(::leptos::prelude::view! { <$page /> }.into_any())
                }

                $crate::bundles::fetched($route().await).await
            }
        }
    )* };
}

pub(crate) use pages;

/// The page, or what is shown where its code cannot be fetched.
pub async fn fetched(page: Result<AnyView, SplitLoaderError>) -> AnyView {
    match page {
        Ok(page) => page,
        Err(_) => {
            #[cfg(not(feature = "ssr"))]
            go_there_anew().await;
            view! { <Failure error=AppError::Unreachable /> }.into_any()
        }
    }
}

/// Another release has come since this page was fetched: the server is asked for the next one whole, which names its own
/// files. Returns where there is no network.
#[cfg(not(feature = "ssr"))]
async fn go_there_anew() {
    let waking = document().document_element().is_some_and(|page| page.has_attribute("data-waits"));
    if waking {
        // What the server has drawn can be read, and its links and forms work.
        std::future::pending::<()>().await;
    }
    let location = leptos_router::hooks::use_location();
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    let address = if search.is_empty() { path } else { format!("{path}?{search}") };
    if window().navigator().on_line() && window().location().assign(&address).is_ok() {
        std::future::pending::<()>().await;
    }
}

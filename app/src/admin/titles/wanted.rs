//! What is asked of the list: all of it stands in the address.

use crate::api::titles::TitleQuery;
use domain::insight::TitleTab;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

impl TitleQuery {
    /// Follows the address of the page.
    pub fn follow() -> Memo<Self> {
        let query = use_query_map();
        Memo::new(move |_| {
            let query = query.read();
            let text = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
            Self {
                q: text("q"),
                status: text("status"),
                category: text("category"),
                lacks: text("lacks"),
                reduced: text("reduced"),
                language: text("language"),
                sort: text("sort"),
                page: text("page").parse().unwrap_or(1),
            }
        })
    }

    /// The fields of a form that ask for the same, but for the page.
    pub fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("q", &self.q),
            ("status", &self.status),
            ("category", &self.category),
            ("lacks", &self.lacks),
            ("reduced", &self.reduced),
            ("language", &self.language),
            ("sort", &self.sort),
        ]
    }

    /// The address of a page of the same list.
    pub fn address(&self, page: u32) -> String {
        let asked = self.fields().into_iter().filter(|(_, value)| !value.is_empty());
        let mut pairs: Vec<String> = asked.map(|(name, value)| format!("{name}={}", Url::escape(value))).collect();
        if page > 1 {
            pairs.push(format!("page={page}"));
        }
        if pairs.is_empty() { "/admin/titles".to_owned() } else { format!("/admin/titles?{}", pairs.join("&")) }
    }

    /// The same under another tab, from its first page on.
    pub fn under(&self, tab: TitleTab) -> String {
        Self { status: tab.param().to_owned(), ..self.clone() }.address(1)
    }

    /// Nothing is left out but by the tab.
    pub fn is_open(&self) -> bool {
        let left_out = [&self.q, &self.category, &self.lacks, &self.reduced, &self.language];
        left_out.iter().all(|value| value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_the_page_and_the_tab_keeps_the_search() {
        let wanted = TitleQuery {
            q: "sea & sky".to_owned(),
            status: "draft".to_owned(),
            lacks: "price".to_owned(),
            page: 3,
            ..TitleQuery::default()
        };
        assert_eq!(wanted.address(2), "/admin/titles?q=sea%20%26%20sky&status=draft&lacks=price&page=2");
        assert_eq!(wanted.under(TitleTab::All), "/admin/titles?q=sea%20%26%20sky&lacks=price");
        assert_eq!(TitleQuery::default().address(1), "/admin/titles");
        assert!(TitleQuery { status: "draft".to_owned(), ..TitleQuery::default() }.is_open() && !wanted.is_open());
    }
}

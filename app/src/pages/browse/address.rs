//! The address of a list, and what of it narrows the list.

use crate::components::text::language;
use domain::catalog::{BrowseForm, CategoryCount, Length, Sort};
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

/// What the address asks for.
pub fn read(query: &ParamsMap) -> BrowseForm {
    let text = |name: &str| query.get_str(name).unwrap_or_default().trim().to_owned();
    BrowseForm {
        text: text("q"),
        category: text("category"),
        author: text("author"),
        narrator: text("narrator"),
        language: text("language"),
        length: text("length"),
        price: text("price"),
        price_from: text("from"),
        price_to: text("to"),
        on_sale: text("sale"),
        rated: text("rated"),
        sort: Sort::from_param(&text("sort")).param().to_owned(),
        page: text("page").parse().unwrap_or(1),
        exact: text("exact"),
    }
}

/// The address of a list; what is the default is left out.
pub fn address(form: &BrowseForm) -> String {
    let page = if form.page > 1 { form.page.to_string() } else { String::new() };
    let sort = if form.sort == Sort::default().param() { "" } else { &form.sort };
    let parts = [
        ("q", form.text.as_str()),
        ("category", &form.category),
        ("author", &form.author),
        ("narrator", &form.narrator),
        ("language", &form.language),
        ("length", &form.length),
        ("price", &form.price),
        ("from", &form.price_from),
        ("to", &form.price_to),
        ("sale", &form.on_sale),
        ("rated", &form.rated),
        ("exact", &form.exact),
        ("sort", sort),
        ("page", &page),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| format!("{name}={}", escaped(value.trim())))
        .collect();
    if parts.is_empty() { "/browse".to_owned() } else { format!("/browse?{}", parts.join("&")) }
}

/// Escaped as a browser does it: on the server these signs would be as well, and a page would have two addresses.
fn escaped(value: &str) -> String {
    Url::escape(value).replace("%2D", "-").replace("%2E", ".").replace("%5F", "_")
}

/// Something that narrows the list, in words, and the list without it.
pub struct Narrowing {
    pub words: String,
    pub without: BrowseForm,
}

/// All that narrows a list, besides its words.
pub fn narrowings(form: &BrowseForm, shelves: &[CategoryCount]) -> Vec<Narrowing> {
    let mut all = Vec::new();
    let mut add = |words: String, clear: fn(&mut BrowseForm)| {
        let mut without = BrowseForm { page: 1, ..form.clone() };
        clear(&mut without);
        all.push(Narrowing { words, without });
    };
    if !form.category.is_empty() {
        let shelf = shelves.iter().find(|shelf| shelf.category.slug == form.category);
        let name = shelf.map_or_else(|| form.category.clone(), |shelf| shelf.category.name.clone());
        add(format!("Category: {name}"), |form| form.category.clear());
    }
    if !form.author.is_empty() {
        add(format!("Author: {}", form.author), |form| form.author.clear());
    }
    if !form.narrator.is_empty() {
        add(format!("Narrator: {}", form.narrator), |form| form.narrator.clear());
    }
    if !form.language.is_empty() {
        add(language(&form.language), |form| form.language.clear());
    }
    if let Some((.., words)) = Length::ALL.into_iter().find(|(_, param, _)| *param == form.length) {
        add(words.to_owned(), |form| form.length.clear());
    }
    if form.price == "free" {
        add("Free".to_owned(), |form| form.price.clear());
    } else {
        if !form.price_from.is_empty() {
            add(format!("From {}", form.price_from), |form| form.price_from.clear());
        }
        if !form.price_to.is_empty() {
            add(format!("Up to {}", form.price_to), |form| form.price_to.clear());
        }
    }
    if !form.on_sale.is_empty() {
        add("On sale".to_owned(), |form| form.on_sale.clear());
    }
    if form.rated == "4" {
        add("4 stars and up".to_owned(), |form| form.rated.clear());
    }
    all
}

/// The list with its words and order, and nothing else.
pub fn unnarrowed(form: &BrowseForm) -> BrowseForm {
    BrowseForm { text: form.text.clone(), sort: form.sort.clone(), page: 1, ..BrowseForm::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &[(&'static str, &str)]) -> BrowseForm {
        let mut params = ParamsMap::new();
        for (name, value) in query {
            params.insert(*name, (*value).to_owned());
        }
        read(&params)
    }

    #[test]
    fn an_address_holds_what_was_asked_for_and_nothing_else() {
        assert_eq!(address(&BrowseForm::default()), "/browse");
        assert_eq!(address(&asked(&[("sort", "relevance"), ("page", "1"), ("author", "")])), "/browse");
        let wanted = asked(&[("page", "2"), ("sort", "title"), ("category", "nature"), ("q", " sea & sky ")]);
        assert_eq!(address(&wanted), "/browse?q=sea%20%26%20sky&category=nature&sort=title&page=2");
        let filters = [("author", "Ada Moss"), ("length", "1-5"), ("to", "9.90"), ("sale", "1"), ("exact", "1")];
        assert_eq!(address(&asked(&filters)), "/browse?author=Ada%20Moss&length=1-5&to=9.90&sale=1&exact=1");
    }

    #[test]
    fn each_filter_can_be_taken_away_by_itself_and_leads_to_the_first_page() {
        let form = asked(&[("q", "sea"), ("language", "de"), ("price", "free"), ("from", "5"), ("page", "3")]);
        let all = narrowings(&form, &[]);
        let words: Vec<_> = all.iter().map(|one| one.words.as_str()).collect();
        assert_eq!(words, ["German", "Free"], "what is free has no range of prices");
        assert_eq!(address(&all[0].without), "/browse?q=sea&price=free&from=5");
        assert_eq!(address(&unnarrowed(&form)), "/browse?q=sea");
        assert!(narrowings(&asked(&[("q", "sea"), ("length", "odd")]), &[]).is_empty());
    }
}

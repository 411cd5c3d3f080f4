//! People.

use crate::tokens::TokenRole;
use domain::account::User;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Someone with an account.
#[derive(Serialize, ToSchema)]
pub struct Person {
    id: Uuid,
    #[schema(example = "ada@example.com", format = Email)]
    email: String,
    #[schema(example = "Ada Lovelace")]
    name: String,
    role: TokenRole,
    /// What an admin may do, by name: `catalogue`, `production`, `orders`, `people`, `settings`, and whatever a newer
    /// version of the shop adds. Empty for shoppers.
    #[schema(example = json!(["catalogue", "production"]))]
    permissions: Vec<&'static str>,
}

impl From<User> for Person {
    fn from(user: User) -> Self {
        let permissions = user.permissions.names();
        Self { id: user.id, email: user.email.into(), name: user.name, role: user.role.into(), permissions }
    }
}

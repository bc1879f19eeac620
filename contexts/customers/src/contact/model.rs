//! Further people and places of a customer.

use db::row;
use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

row! {
    /// A person at a customer, as stored.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct ContactRow {
        pub id: Id,
        pub customer_id: Id,
        pub org_id: Id,
        pub name: String,
        pub role: String,
        pub phone: String,
        pub email: String,
        pub created_at: Ts,
    }
}

row! {
    /// A further address of a customer, as stored.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct AddressRow {
        pub id: Id,
        pub customer_id: Id,
        pub org_id: Id,
        pub label: String,
        pub region: String,
        pub district: String,
        pub address: String,
        pub created_at: Ts,
    }
}

/// A new contact.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewContact {
    /// Name.
    pub name: String,
    /// What the person does there: 采购, 设备科 …
    #[serde(default)]
    pub role: Option<String>,
    /// Telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
}

/// A new further address.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewAddress {
    /// What is there: 家, 公司, 二号厂房 …
    #[serde(default)]
    pub label: Option<String>,
    /// Province or city.
    #[serde(default)]
    pub region: Option<String>,
    /// District.
    #[serde(default)]
    pub district: Option<String>,
    /// Address within the district.
    pub address: String,
}

/// A contact as its reader may see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ContactOut {
    /// Which.
    pub id: Id,
    /// Name.
    pub name: String,
    /// What the person does there.
    pub role: String,
    /// Phone, masked unless the caller may see it.
    pub phone: String,
    /// E-mail, masked likewise.
    pub email: String,
}

/// A further address as its reader may see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AddressOut {
    /// Which.
    pub id: Id,
    /// What is there.
    pub label: String,
    /// Province or city.
    pub region: String,
    /// District.
    pub district: String,
    /// Address, masked unless the caller may see it.
    pub address: String,
}

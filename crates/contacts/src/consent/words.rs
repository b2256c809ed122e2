//! The words of the ledger and of suppressions, as their objects list them.

/// Gives an enum the names that its options have in the objects' TOML.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$says:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$says])* $variant,)* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As it is stored.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// From what is stored or asked.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// What somebody did about their consent.
    Act {
        /// Said yes.
        Given = "given",
        /// Said yes and proved that the address is theirs.
        Confirmed = "confirmed",
        /// Said no.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// How something is sent.
    Channel {
        /// E-mail.
        Email = "email",
        /// A call.
        Phone = "phone",
        /// A text message.
        Sms = "sms",
        /// A chat.
        Chat = "chat",
        /// A letter.
        Post = "post",
        /// A social network.
        Social = "social",
        /// Whatever the channel: only in the ledger, nothing is sent over it.
        All = "all",
    }
}

words! {
    /// What something is sent for.
    Purpose {
        /// To sell. Needs consent.
        Marketing = "marketing",
        /// To learn what somebody reads and clicks. Needs consent.
        Tracking = "tracking",
        /// To serve: appointments, cases, news about what they bought.
        Service = "service",
        /// What somebody asked for or must get: a password, an invoice.
        Transactional = "transactional",
    }
}

impl Purpose {
    /// Whether nothing may be sent unless somebody allowed it.
    pub fn needs_consent(self) -> bool {
        matches!(self, Self::Marketing | Self::Tracking)
    }
}

words! {
    /// How far a suppression reaches, each further than the one before.
    Scope {
        /// Marketing about one topic.
        Topic = "topic",
        /// Marketing over one channel.
        Channel = "channel",
        /// All marketing.
        Marketing = "marketing",
        /// Everything, service and transactional messages too.
        Everything = "everything",
    }
}

words! {
    /// Why an address is suppressed.
    Why {
        /// Left a list.
        Unsubscribed = "unsubscribed",
        /// Called a message spam.
        Complaint = "complaint",
        /// The address does not exist.
        HardBounce = "hard_bounce",
        /// Objected to being written to.
        Objection = "objection",
        /// Somebody of the company said so.
        Manual = "manual",
        /// The person was erased.
        Erased = "erased",
    }
}

//! Sweden, Poland.

use super::{City, Country};

pub(super) static SWEDEN: Country = Country {
    code: "SE",
    language: "sv",
    time_zone: "Europe/Stockholm",
    currency: "SEK",
    share: 4,
    women: "Alice,Maja,Elsa,Astrid,Wilma,Ebba,Saga,Linnéa,Åsa,Karin,Birgitta,Kerstin,Malin,Frida,Ingrid,Märta,Cecilia,\
        Annika,Gunilla,Ulrika",
    men: "William,Liam,Noah,Hugo,Oscar,Axel,Björn,Göran,Håkan,Åke,Lars,Anders,Mikael,Fredrik,Jonas,Mattias,Henrik,Pär,\
        Sven,Olof",
    families: "Andersson,Johansson,Karlsson,Nilsson,Eriksson,Larsson,Olsson,Persson,Svensson,Gustafsson,Pettersson,\
        Jonsson,Jansson,Hansson,Bengtsson,Jönsson,Lindberg,Jakobsson,Magnusson,Lindström,Olofsson,Lindqvist,Berg,\
        Sjöberg,Wallin,Engström,Eklund,Åkesson,Öberg,Björk,Bergström,Nyström,Söderström,Hägg",
    cities: &[
        City { name: "Stockholm", region: "Stockholm", postal_code: "111 %#", landline: "+468%######" },
        City { name: "Göteborg", region: "Västra Götaland", postal_code: "411 %#", landline: "+4631%#####" },
        City { name: "Malmö", region: "Skåne", postal_code: "211 %#", landline: "+4640%#####" },
        City { name: "Uppsala", region: "Uppsala", postal_code: "753 %#", landline: "+4618%#####" },
        City { name: "Örebro", region: "Örebro", postal_code: "702 %#", landline: "+4619%#####" },
    ],
    streets: "Storgatan,Drottninggatan,Kungsgatan,Skolvägen,Kyrkogatan,Järnvägsgatan,Ängsvägen,Björkvägen,Hamngatan,\
        Sveavägen",
    number_first: false,
    mobile: &["+4670%######", "+4673%######", "+4676%######"],
    legal_forms: &["AB", "AB", "HB"],
    tax_id: "SE%#########01",
};

pub(super) static POLAND: Country = Country {
    code: "PL",
    language: "pl",
    time_zone: "Europe/Warsaw",
    currency: "PLN",
    share: 4,
    women: "Anna,Zofia,Hanna,Julia,Maja,Katarzyna,Małgorzata,Agnieszka,Barbara,Ewa,Krystyna,Elżbieta,Joanna,Łucja,\
        Grażyna,Bożena,Żaneta,Dorota,Aleksandra,Magdalena",
    men: "Antoni,Jakub,Jan,Szymon,Franciszek,Piotr,Krzysztof,Andrzej,Tomasz,Paweł,Marcin,Michał,Łukasz,Grzegorz,\
        Wojciech,Stanisław,Mieczysław,Bartłomiej,Rafał,Zbigniew",
    families: "Nowak,Wójcik,Kowalczyk,Woźniak,Mazur,Krawczyk,Kaczmarek,Zając,Król,Wróbel,Dudek,Adamczyk,Sikora,Baran,\
        Duda,Szczepaniak,Pietrzak,Michalak,Górka,Błaszczyk,Świątek,Żak,Gołąb,Książek,Bąk,Ślusarczyk,Czyż,Łuczak",
    cities: &[
        City { name: "Warszawa", region: "mazowieckie", postal_code: "00-%##", landline: "+4822%######" },
        City { name: "Kraków", region: "małopolskie", postal_code: "31-%##", landline: "+4812%######" },
        City { name: "Łódź", region: "łódzkie", postal_code: "90-%##", landline: "+4842%######" },
        City { name: "Wrocław", region: "dolnośląskie", postal_code: "50-%##", landline: "+4871%######" },
        City { name: "Poznań", region: "wielkopolskie", postal_code: "61-%##", landline: "+4861%######" },
        City { name: "Gdańsk", region: "pomorskie", postal_code: "80-%##", landline: "+4858%######" },
    ],
    streets: "ul. Główna,ul. Polna,ul. Leśna,ul. Słoneczna,ul. Krótka,ul. Szkolna,ul. Ogrodowa,al. Jerozolimskie,\
        ul. Kościuszki,ul. Mickiewicza,pl. Wolności",
    number_first: false,
    mobile: &["+48501######", "+48602######", "+48693######", "+48790######"],
    legal_forms: &["Sp. z o.o.", "Sp. z o.o.", "S.A.", "Sp.k."],
    tax_id: "PL%#########",
};

//! Japan, China.

use super::{City, Country};

pub(super) static JAPAN: Country = Country {
    code: "JP",
    language: "ja",
    time_zone: "Asia/Tokyo",
    currency: "JPY",
    share: 2,
    women: "美咲/misaki,陽子/yoko,さくら/sakura,由美子/yumiko,恵子/keiko,愛/ai,真由美/mayumi,結衣/yui,葵/aoi,花子/hanako,\
        智子/tomoko,千尋/chihiro",
    men: "太郎/taro,健一/kenichi,翔太/shota,大輔/daisuke,誠/makoto,浩/hiroshi,拓也/takuya,直樹/naoki,蓮/ren,剛/tsuyoshi,\
        一郎/ichiro,悠斗/yuto",
    families: "佐藤/sato,鈴木/suzuki,高橋/takahashi,田中/tanaka,伊藤/ito,渡辺/watanabe,山本/yamamoto,中村/nakamura,\
        小林/kobayashi,加藤/kato,吉田/yoshida,山田/yamada,佐々木/sasaki,松本/matsumoto,井上/inoue,木村/kimura,林/hayashi,\
        清水/shimizu,斎藤/saito,森/mori",
    cities: &[
        City { name: "東京", region: "東京都", postal_code: "100-00%#", landline: "+813%#######" },
        City { name: "大阪", region: "大阪府", postal_code: "530-00%#", landline: "+816%#######" },
        City { name: "名古屋", region: "愛知県", postal_code: "450-00%#", landline: "+8152%######" },
        City { name: "横浜", region: "神奈川県", postal_code: "220-00%#", landline: "+8145%######" },
        City { name: "福岡", region: "福岡県", postal_code: "810-00%#", landline: "+8192%######" },
    ],
    streets: "中央,本町,栄,駅前,桜ヶ丘,港南,緑町,東山",
    number_first: false,
    mobile: &["+8190%#######", "+8180%#######", "+8170%#######"],
    legal_forms: &["株式会社", "株式会社", "合同会社"],
    tax_id: "T%############",
};

pub(super) static CHINA: Country = Country {
    code: "CN",
    language: "zh",
    time_zone: "Asia/Shanghai",
    currency: "CNY",
    share: 2,
    women: "芳/fang,娜/na,敏/min,静/jing,丽/li,艳/yan,秀英/xiuying,霞/xia,燕/yan,雪/xue,婷/ting,梦瑶/mengyao",
    men: "伟/wei,强/qiang,磊/lei,军/jun,洋/yang,勇/yong,杰/jie,涛/tao,明/ming,超/chao,浩然/haoran,子轩/zixuan",
    families: "王/wang,李/li,张/zhang,刘/liu,陈/chen,杨/yang,黄/huang,赵/zhao,吴/wu,周/zhou,徐/xu,孙/sun,马/ma,朱/zhu,\
        胡/hu,郭/guo,何/he,林/lin,欧阳/ouyang,司马/sima",
    cities: &[
        City { name: "上海", region: "上海", postal_code: "2000##", landline: "+86216#######" },
        City { name: "北京", region: "北京", postal_code: "1000##", landline: "+86106#######" },
        City { name: "深圳", region: "广东", postal_code: "5180##", landline: "+8675583######" },
        City { name: "广州", region: "广东", postal_code: "5100##", landline: "+86208#######" },
        City { name: "成都", region: "四川", postal_code: "6100##", landline: "+86288#######" },
    ],
    streets: "人民路,中山路,解放路,南京路,建设路,长江路,和平路,新华路",
    number_first: false,
    mobile: &["+86138########", "+86139########", "+86186########"],
    legal_forms: &["有限公司", "有限公司", "股份有限公司"],
    tax_id: "91310000%########X",
};

use std::collections::HashSet;

use kernel::*;
use proptest::prelude::*;

/// Does the text come up for the query?
fn found(text: &str, query: &str) -> bool {
    let tokens: HashSet<String> = index_tokens(text).into_iter().collect();
    let wanted = query_tokens(query);
    !wanted.is_empty() && wanted.iter().all(|t| tokens.contains(t))
}

#[test]
fn equal_numbers_have_one_key() {
    for (typed, key) in [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("００８６１３８００１３８０００", "13800138000"),
        ("0512-6660 1234", "051266601234"),
        ("86123", "86123"),
        ("分机", ""),
    ] {
        assert_eq!(phone_key(typed), key, "{typed}");
    }
}

#[test]
fn one_spelling_for_what_is_the_same() {
    for (text, folded) in [
        ("ＡＢＣ１２３", "abc123"),
        ("售後服務", "售后服务"),
        ("本公司实⾏三级", "本公司实行三级"),
        ("⽤⼾", "用户"),
        ("⻓⻋⻔", "长车门"),
        ("Café №5", "cafe no5"),
        ("維修週期", "维修周期"),
        ("臺灣", "台湾"),
        ("乾燥機", "干燥机"),
        ("㎡", "m2"),
        ("", ""),
    ] {
        assert_eq!(fold(text), folded, "{text}");
    }
}

#[test]
fn finds_what_people_type() {
    for (text, query) in [
        ("海尔空调售后服务中心", "空调"),
        ("海尔空调售后服务中心", "服務"),
        ("海尔空调售后服务中心", "售后服务"),
        ("海尔空调售后服务中心", "调"),
        ("海尔空调 KFR-35GW/B", "kfr-35gw"),
        ("海尔空调 KFR-35GW/B", "35GW"),
        ("海尔空调 KFR-35GW/B", "kfr35gw"),
        ("海尔空调 KFR-35GW/B", "ＫＦＲ 空调"),
        ("KFR 35GW", "KFR-35GW"),
        ("SO-20261122-0001", "so-20261122-0001"),
        ("SO-20261122-0001", "0001"),
        ("SO-20261122-0001", "20261122"),
        ("SO-20261122-0001", "1122-0001"),
        ("联系人 张三 13812345678", "5678"),
        ("联系人 张三 13812345678", "138 1234 5678"),
        ("联系人 张三 13812345678", "+86 138-1234-5678"),
        ("联系人 张三 13812345678", "138"),
        ("电话：+86 138-1234-5678", "13812345678"),
        ("电话：(010) 8888-6666", "01088886666"),
        ("LSVAA4182E2184847", "184847"),
        ("LSVAA4182E2184847", "lsvaa4182e2184847"),
        ("compressor", "compr"),
        ("中压泵泵", "压泵"),
        ("ＰＵＭＰ泵", "pump"),
        ("Москва", "моск"),
        ("カタカナ部品", "部品"),
    ] {
        assert!(found(text, query), "{query} in {text}: {:?} {:?}", query_tokens(query), index_tokens(text));
    }
}

#[test]
fn does_not_find_what_is_not_there() {
    for (text, query) in [
        ("海尔空调", "调空"),
        ("海尔空调", "海空"),
        ("海尔空调", "冰箱"),
        ("compressor", "press"),
        ("13812345678", "2345"),
        ("空调", ""),
        ("空调", "!!! -- ？"),
    ] {
        assert!(!found(text, query), "{query} in {text}");
    }
}

#[test]
fn initials_of_pinyin() {
    assert_eq!(pinyin_initials("张三"), "zs");
    assert_eq!(pinyin_initials("張三 A1"), "zsa1");
    assert_eq!(pinyin_initials("绿源（上海）"), "lysh");
    assert_eq!(pinyin_initials("？"), "");
}

#[test]
fn tokens_come_in_order_of_worth() {
    let long: String = (0..2000).filter_map(|i| char::from_u32(0x4e00 + i * 7)).collect();
    let tokens = index_tokens(&format!("{long} SN12345678"));
    assert_eq!(tokens.len(), kernel::search::MAX_TOKENS);
    assert!(tokens.iter().take(100).all(|t| t.chars().count() == 2));
}

/// Tokens must survive both databases' tokenizers unchanged.
fn safe(token: &str) -> bool {
    let known =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ('\u{3400}'..='\u{9fff}').contains(&c);
    !token.is_empty() && token.chars().count() <= 64 && token.chars().all(known)
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(s in any::<String>()) {
        let once = fold(&s);
        prop_assert_eq!(fold(&once), once);
    }

    /// What needs no normalisation takes a short cut; beside something that does, it goes the long way.
    #[test]
    fn a_text_folds_alike_alone_and_beside_others(s in "[A-Za-z0-9 -]{0,6}[\u{4e00}-\u{9fff}]{0,12}") {
        prop_assert_eq!(fold(&format!("{s}，é")), format!("{},e", fold(&s)));
    }

    #[test]
    fn keys_of_numbers_are_digits_and_do_not_change_when_made_again(s in "[0-9+ a-z０-９-]{0,30}|\\PC{0,60}") {
        let key = phone_key(&s);
        prop_assert!(key.chars().all(|c| c.is_ascii_digit()));
        prop_assert_eq!(phone_key(&key), key);
    }

    #[test]
    fn tokens_are_safe_bounded_and_unique(s in any::<String>()) {
        for tokens in [index_tokens(&s), query_tokens(&s)] {
            prop_assert!(tokens.len() <= kernel::search::MAX_TOKENS);
            prop_assert!(tokens.iter().all(|t| safe(t)), "{:?}", tokens);
            prop_assert_eq!(tokens.iter().collect::<HashSet<_>>().len(), tokens.len());
        }
        prop_assert!(pinyin_initials(&s).chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
    }

    #[test]
    fn a_text_is_found_by_itself(s in "[a-zA-Z0-9一-龟 ,。/-]{1,30}") {
        if !query_tokens(&s).is_empty() {
            prop_assert!(found(&s, &s), "{:?} {:?}", query_tokens(&s), index_tokens(&s));
        }
    }

    #[test]
    fn every_part_of_a_chinese_text_is_found(s in "[一-龟]{2,20}", from in 0_usize..10, len in 1_usize..10) {
        let part: String = s.chars().skip(from).take(len).collect();
        if !part.is_empty() {
            prop_assert!(found(&s, &part));
        }
    }

    #[test]
    fn serials_are_found_by_both_ends(s in "[A-Z]{1,4}[0-9]{4,16}[A-Z]{0,2}", n in 3_usize..20) {
        let n = n.min(s.len());
        prop_assert!(found(&s, &s[..n]) && found(&s, &s[s.len() - n..]));
    }
}

/// Every character that exists, because the tables are the risk.
#[test]
fn folding_settles_for_every_character() {
    for c in (0..=0x10ffff).filter_map(char::from_u32) {
        let once = fold(&c.to_string());
        assert_eq!(fold(&once), once, "U+{:04X}", c as u32);
    }
}

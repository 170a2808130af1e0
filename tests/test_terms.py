"""The words that a record speaks: its framework's, those of a policy on it, and which of two a catalogue chose."""

import json

import pytest

from tests.support import AS_OF, CATALOGUE, made, mcred

PROVIDER = "id: a-provider\ntitle: A Provider\nfictional: true\ntypes: [{type: provider, from: 2015-01-01}]\n"


def award(framework, developer="a-provider", name="an-award"):
    return (
        f"id: {name}\ntitle: An Award\nframework: {framework}\nlevel: 3\ncredits: 5\ndeveloper: {developer}\n"
        "outcomes: [{id: mend, text: Mend a net.}]\n"
        "decisions: [{id: a, act: content-approved, date: 2024-05-01, by: b-body, version: '1', review_years: 2}]\n"
    )


def register(folder, settings, **files):
    own = {
        "organisations/a-provider.yaml": PROVIDER,
        "organisations/b-provider.yaml": PROVIDER.replace("a-provider", "b-provider"),
        "organisations/b-body.yaml": PROVIDER.replace("a-provider", "b-body"),
        "micro-credentials/an-award.yaml": award("nzqcf"),
        **files,
    }
    root = made(folder, own)
    (root / "catalogue.yaml").write_text(f"format: 1\ntitle: Ours\nlanguages: [en, mi]\n{settings}", encoding="utf-8")
    return root


def listing(root, name="an-award", language="both"):
    ran = mcred("render", name, "-f", "md", "--language", language, "--force", "--as-of", AS_OF, cwd=root)
    assert ran.code == 0, ran.err
    tag = "" if language == "en" else f".{language}"
    return (root / "out" / name / f"listing{tag}.md").read_text(encoding="utf-8")


def test_a_pacific_record_speaks_the_words_of_its_framework():
    card = mcred("show", "community-catch-records", "--as-of", AS_OF, cwd=CATALOGUE).out
    assert "\ncommunity-catch-records, micro-qualification; fictional example data\n" in card
    assert "  2023-03-20   content-approved (accreditation), version 1, by example-islands-authority\n" in card
    assert "  2023-04-17   delivery-approved, provider" in card  # which says the same as approval to deliver
    why = mcred("why", "community-catch-records", "pqf.level", "--as-of", AS_OF, cwd=CATALOGUE).out
    assert "  Judged by     20 March 2023, content approved (accreditation)\n" in why
    review = mcred("why", "community-catch-records", "review", "--as-of", AS_OF, cwd=CATALOGUE).out
    assert "no rule about the review of a micro-qualification is known of pqf" in review


def test_a_message_about_a_pacific_record_speaks_the_words_of_its_framework(tmp_path):
    real = {f"organisations/{name}.yaml": f"id: {name}\ntitle: {name}\n" for name in ("eqap", "a-provider")}
    text = award("pqf").replace("by: b-body", "by: eqap")
    root = register(tmp_path, "", **real, **{"micro-credentials/an-award.yaml": text})
    found = json.loads(mcred("validate", "an-award", "-f", "json", "--as-of", AS_OF, cwd=root).out)["findings"]
    assert [each["message"] for each in found if each["rule"] == "MC311"] == [
        "'eqap' may not approve content (accreditation) under pqf; 'pacific-board-for-educational-quality' may"
    ]


def test_a_pacific_document_speaks_the_words_of_its_framework(tmp_path):
    root = register(tmp_path, "", **{"micro-credentials/an-award.yaml": award("pqf")})
    page = listing(root, language="en")
    assert "micro-qualification" in page
    assert "| 1 May 2024 | Accreditation |" in page
    assert "micro-credential" not in page.replace("an-award", "")


def test_a_pacific_document_says_whose_it_is_and_what_shows_that_an_outcome_is_met(tmp_path):
    outcomes = "outcomes: [{id: mend, text: Mend a net., criteria: [{id: holds, text: The net holds.}]}]\n"
    text = award("pqf").replace("outcomes: [{id: mend, text: Mend a net.}]\n", outcomes)
    text += "ownership: regional\nother_frameworks: [{framework: fqf-fj, outcome: not-recognised}]\n"
    root = register(tmp_path, "", **{"micro-credentials/an-award.yaml": text})
    page = listing(root, language="en")
    assert "- **Ownership:** regional\n" in page
    assert "- Fiji Qualifications Framework: not recognised\n" in page
    ran = mcred("render", "an-award", "-d", "application", "-f", "md", "--force", "--as-of", AS_OF, cwd=root)
    assert ran.code == 0, ran.err
    pack = (root / "out/an-award/application.md").read_text(encoding="utf-8")
    assert "- **Ownership:** regional\n" in pack
    assert "| Outcome | Credits | What it includes | What shows that it is met | Assessment |" in pack
    assert "| **Mend a net.** |  |  | The net holds. |  |" in pack


@pytest.mark.parametrize(
    ("settings", "spoken", "other"),
    [
        ("", "pūkenga-whāiti", "tohu iti motuhake"),
        ("settings: {terms: {micro-credential: pūkenga-whāiti}}\n", "pūkenga-whāiti", "tohu iti motuhake"),
        ("settings: {terms: {micro-credential: tohu iti motuhake}}\n", "tohu iti motuhake", "pūkenga-whāiti"),
    ],
)
def test_a_catalogue_chooses_which_of_two_words_is_spoken(tmp_path, settings, spoken, other):
    root = register(tmp_path, settings)
    page = listing(root)
    assert (spoken in page, other in page) == (True, False)
    assert mcred("validate", "catalogue.yaml", "--fail-on", "warning", cwd=root).code == 0


def test_a_word_that_no_framework_has_is_told(tmp_path):
    root = register(tmp_path, "settings: {terms: {micro-credential: tohu iti motuhaka, listed: shown}}\n")
    found = json.loads(mcred("validate", "catalogue.yaml", "-f", "json", cwd=root).out)["findings"]
    told = [(each["rule"], each["line"], each["message"]) for each in found if each["path"].endswith("catalogue.yaml")]
    assert told == [
        ("MC108", 4, "no framework calls 'micro-credential' 'tohu iti motuhaka'; did you mean 'tohu iti motuhake'?"),
        ("MC108", 4, "no framework calls 'listed' 'shown'"),
    ]
    assert [each["hint"] for each in found if "listed" in each["message"]] == ["frameworks call it 'listing'"]


POLICY = """\
format: 1
id: own-words
title: Words of A Provider
extends: nzqcf
applies_to: {at: /developer, one_of: [a-provider]}
terms: {outcomes: {en: what you will be able to do}}
"""


def test_a_policy_leaves_the_words_of_a_language_that_it_has_none_in(tmp_path):
    policy = POLICY.replace("outcomes: {en: what you will be able to do}", "micro-credential: {en: small award}")
    root = register(tmp_path, "policies: [own-words]\n", **{"policies/own-words.yaml": policy})
    assert "small award / pūkenga-whāiti" in listing(root)


def test_a_policy_changes_words_in_documents_of_its_own_records_alone(tmp_path):
    root = register(
        tmp_path,
        "policies: [own-words]\n",
        **{
            "policies/own-words.yaml": POLICY,
            "micro-credentials/of-others.yaml": award("nzqcf", "b-provider", "of-others"),
        },
    )
    assert "## What you will be able to do" in listing(root, language="en")
    assert "## Graduate profile" in listing(root, "of-others", "en")

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.warning.signals import SignalTable, ahead, best_threshold, lead_times, signal_table


def test_textbook_table() -> None:
    table = SignalTable(6, 4, 2, 36)
    assert round(table.noise_to_signal, 4) == 0.1333
    assert table.loss(0.5) == pytest.approx(0.175, abs=1e-12)
    assert table.usefulness(0.5) == pytest.approx(0.325, abs=1e-12)
    assert table.relative_usefulness(0.5) == pytest.approx(0.65, abs=1e-12)


@given(events=st.integers(1, 50), calm=st.integers(1, 50), preference=st.floats(0.01, 0.99), data=st.data())
def test_always_and_never_warning_is_of_no_use(
    events: int, calm: int, preference: float, data: st.DataObject
) -> None:
    assert SignalTable(0, 0, events, calm).usefulness(preference) <= 1e-12
    assert SignalTable(events, calm, 0, 0).usefulness(preference) <= 1e-12
    assert SignalTable(events, 0, 0, calm).relative_usefulness(preference) == pytest.approx(1)
    hits, alarms = data.draw(st.integers(0, events)), data.draw(st.integers(0, calm))
    assert SignalTable(hits, alarms, events - hits, calm - alarms).relative_usefulness(preference) <= 1


def test_what_is_ahead() -> None:
    onsets = np.array([0, 0, 0, 1, 0, 0, 1], dtype=bool)
    assert ahead(onsets, 2).tolist() == [False, True, True, False, True, True, False]
    assert not ahead(np.zeros(2, dtype=bool), 9).any()


def test_periods_left_out_do_not_count() -> None:
    signals = np.array([1, 1, 0, 0, 1], dtype=bool)
    target = np.array([1, 0, 1, 0, 0], dtype=bool)
    assert signal_table(signals, target) == SignalTable(1, 2, 1, 1)
    assert signal_table(signals, target, target) == SignalTable(1, 0, 1, 0)


def test_thresholds_must_catch_their_share() -> None:
    """The top value is a pure signal of one crisis in four: least noise, and almost silent."""
    values = np.arange(20.0)
    target = np.isin(np.arange(20), [19, 16, 15, 14])
    assert best_threshold(values, target, np.arange(50, 100), least_hits=0.2)[1].hits == 1
    threshold, table = best_threshold(values, target, np.arange(50, 100), least_hits=0.9)
    assert table == SignalTable(4, 2, 0, 14) and 13 <= threshold < 14
    lower, mirrored = best_threshold(-values, target, 100 - np.arange(50, 100), least_hits=0.9, upper=False)
    assert mirrored == table and lower == pytest.approx(-threshold)


def test_lead_of_a_run_with_gaps() -> None:
    signals = np.zeros(30, dtype=bool)
    signals[[2, 10, 11, 14, 15, 28]] = True
    onsets = np.zeros(30, dtype=bool)
    onsets[[17, 24, 29]] = True
    assert lead_times(signals, onsets, gap=2) == [7, 0, 1]


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        SignalTable(-1, 0, 0, 0)
    with pytest.raises(ValueError, match="preference"):
        SignalTable(1, 1, 1, 1).usefulness(60)
    with pytest.raises(ValueError, match="horizon"):
        ahead([True], 0)
    with pytest.raises(ValueError, match="differ"):
        signal_table([True], [True, False])
    with pytest.raises(ValueError, match="no threshold catches 100%"):
        best_threshold([1.0, 2.0, 3.0], [True, False, False], [90.0], least_hits=1)
    assert np.isnan(SignalTable(0, 0, 0, 5).miss_rate)

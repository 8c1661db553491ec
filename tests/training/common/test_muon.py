"""Muon: what it does to a matrix, that it is torch's own in float32, that a stopped run goes on as if it had not
stopped.
"""

import copy

import pytest
import torch
from torch import nn

from training.common import muon, train


@pytest.mark.parametrize("shape", [(24, 24), (16, 64), (64, 16)])
def test_singular_values_become_about_one_and_the_vectors_stay(shape):
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    turned = muon.orthogonal(matrix)
    left, strength, right = torch.linalg.svd(matrix, full_matrices=False)
    found = left.mT @ turned @ right.mT
    assert turned.shape == shape
    large = strength > 0.1 * strength[0]  # five steps lift smaller ones only part of the way
    assert found.diagonal()[large].min() > 0.6 and found.diagonal().max() < 1.3
    assert (found - found.diagonal().diag()).abs().max() < 1e-3


def test_a_matrix_of_zeros_stays():
    assert not muon.orthogonal(torch.zeros(3, 5)).any()


@pytest.mark.parametrize("short", [False, True])
def test_one_step_is_torch_s_own_up_to_bfloat16(short: bool):
    start = torch.randn(32, 16, generator=torch.Generator().manual_seed(1))
    slope = torch.randn(32, 16, generator=torch.Generator().manual_seed(2))
    ours, theirs = (nn.Parameter(start.clone()) for _ in range(2))
    ours.grad, theirs.grad = slope.clone(), slope.clone()
    muon.Muon([ours], lr=0.1, weight_decay=0.01, bfloat16=short).step()
    torch.optim.Muon([theirs], lr=0.1, weight_decay=0.01, adjust_lr_fn="match_rms_adamw").step()
    moved = (theirs - start).norm()
    assert moved > 0.1 and (ours - theirs).norm() < 0.03 * moved


def test_embeddings_and_norms_stay_with_adamw_and_every_weight_is_in_one_part():
    model = nn.Sequential(nn.Embedding(7, 4), nn.LayerNorm(4), nn.Linear(4, 3))
    both = train.optimiser_of(model, train.Plan(muon=True))
    adam, turned = both.parts
    assert [tuple(p.shape) for p in turned.param_groups[0]["params"]] == [(3, 4)]
    listed = [p for group in both.param_groups for p in group["params"]]
    assert len(listed) == len({id(p) for p in listed}) == len(list(model.parameters()))


def test_a_reloaded_optimiser_moves_as_the_first_would_have():
    def made():
        torch.manual_seed(0)
        model = nn.Sequential(nn.Embedding(7, 4), nn.Linear(4, 4))
        return model, train.optimiser_of(model, train.Plan(muon=True))

    def step(model, both, seed):
        both.zero_grad()
        model(torch.tensor([seed, seed + 1])).square().sum().backward()
        both.step()

    first, both = made()
    step(first, both, 0)
    second, other = made()
    second.load_state_dict(first.state_dict())
    other.load_state_dict(copy.deepcopy(both.state_dict()))  # a file would not share its tensors
    step(first, both, 2)
    step(second, other, 2)
    for one, two in zip(first.parameters(), second.parameters(), strict=True):
        torch.testing.assert_close(one, two)

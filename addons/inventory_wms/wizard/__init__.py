from . import picking

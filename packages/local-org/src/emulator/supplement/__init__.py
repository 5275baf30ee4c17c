"""What moto lacks or answers otherwise than AWS: one module per service, loaded with the first call of the service.

Each answer cites the page of AWS that it follows. "Unproven" marks what no page says.
"""

import functools
import importlib
import pkgutil

from moto.core.exceptions import ServiceException

MODULES = {module.name for module in pkgutil.iter_modules(__path__)}


def load(service):
    """Patches moto's service, if there is a module for it; before any of its calls is answered."""
    name = service.replace("-", "")
    if name in MODULES:
        importlib.import_module(f"{__name__}.{name}")


def adds_to(cls):
    """Makes a function a method of a class of moto."""

    def add(function):
        setattr(cls, function.__name__, function)
        return function

    return add


def wraps(cls, name=None):
    """Replaces a method of moto by a function, of the same name unless named, that receives the original first."""

    def wrap(function):
        original = getattr(cls, name or function.__name__)

        @functools.wraps(original)
        def method(*args, **kwargs):
            return function(original, *args, **kwargs)

        setattr(cls, original.__name__, method)
        return function

    return wrap


def error_class(service):
    """The errors of a service, made of code and message; moto finds the service by the module of the class."""
    return type("ServiceError", (ServiceException,), {"__module__": f"moto.{service}.exceptions"})

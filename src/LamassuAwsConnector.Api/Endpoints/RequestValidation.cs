using System.Reflection;
using System.Text.Json;
using FluentValidation;
using LamassuAwsConnector.Api.Problems;
using Microsoft.AspNetCore.Mvc;

namespace LamassuAwsConnector.Api.Endpoints;

/// <summary>
/// The one endpoint filter: ids in the path, names of query parameters, and, where there is a validator for it, each argument of the endpoint. Everything
/// that is wrong is said at once, by name.
/// </summary>
internal static class RequestValidation
{
    public static EndpointFilterDelegate Create(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var parameters = factory.MethodInfo.GetParameters();
        var validators = parameters.Select(parameter => ValidatorOf(parameter, factory.ApplicationServices)).ToArray();
        var names = parameters.SelectMany(ValuesOf).Select(value => value.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return invocation =>
        {
            var request = invocation.HttpContext.Request;
            var errors = new List<(string Name, string Reason)>();
            errors.AddRange(FaultsOfPath(request));
            errors.AddRange(FaultsOfQuery(request, names));
            foreach (var (argument, validator) in invocation.Arguments.Zip(validators))
            {
                errors.AddRange(FaultsOf(argument, validator));
            }

            if (errors.Count > 0)
            {
                throw new InvalidRequestException(errors
                    .GroupBy(error => error.Name, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.Select(error => error.Reason).ToArray()));
            }

            foreach (var body in invocation.Arguments.OfType<IRequestBody>())
            {
                body.Accept();
            }

            return next(invocation);
        };
    }

    private static IValidator? ValidatorOf(ParameterInfo parameter, IServiceProvider services)
    {
        var type = typeof(IRequestBody).IsAssignableFrom(parameter.ParameterType) ? parameter.ParameterType.GetGenericArguments()[0] : parameter.ParameterType;
        return (IValidator?)services.GetService(typeof(IValidator<>).MakeGenericType(type));
    }

    // Paths are among them: a query parameter of such a name changes nothing, and nobody sends one.
    private static IEnumerable<(string Name, Type Type)> ValuesOf(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<AsParametersAttribute>() is not null
            ? parameter.ParameterType.GetConstructors()[0].GetParameters().SelectMany(ValuesOf)
            : (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) is var type && IsValue(type)
                ? [(parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name!, type)]
                : [];

    private static bool IsValue(Type type) => type == typeof(string) || type.IsPrimitive || type.IsEnum || type == typeof(DateTimeOffset) || type.IsArray;

    private static IEnumerable<(string Name, string Reason)> FaultsOfPath(HttpRequest request)
    {
        foreach (var (name, value) in request.RouteValues)
        {
            if (value is string id && ObjectId.Fault(id) is { } fault)
            {
                yield return (name, fault);
            }
        }
    }

    // A parameter that is misspelt must not be passed over in silence: it may be the one that asks for a trial.
    private static IEnumerable<(string Name, string Reason)> FaultsOfQuery(HttpRequest request, HashSet<string> names)
    {
        foreach (var (name, values) in request.Query)
        {
            if (!names.Contains(name))
            {
                yield return (name, "is no query parameter of this operation");
            }
            else if (values.Count > 1)
            {
                yield return (name, "is there twice");
            }
        }
    }

    private static IEnumerable<(string Name, string Reason)> FaultsOf(object? argument, IValidator? validator)
    {
        var body = argument as IRequestBody;
        foreach (var (name, reasons) in body?.Errors ?? new Dictionary<string, string[]>())
        {
            yield return (name, reasons[0]);
        }

        if (validator is null || (body is null ? argument : body.Content) is not { } value)
        {
            yield break;
        }

        foreach (var failure in validator.Validate(new ValidationContext<object>(value)).Errors)
        {
            yield return (JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.PropertyName), failure.ErrorMessage);
        }
    }
}

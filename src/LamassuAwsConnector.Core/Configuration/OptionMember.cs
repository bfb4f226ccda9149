using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace LamassuAwsConnector.Core.Configuration;

/// <summary>A secret: it is shown nowhere.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>An http or https URL, or nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpUrlAttribute() : ValidationAttribute("{0} must be an http or https URL")
{
    public override bool IsValid(object? value) =>
        value is null or "" || (value is string text && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https");
}

/// <summary>One option: a property of an options class that has a key.</summary>
/// <param name="Key">As configuration has it: <c>aws_config:region</c>.</param>
public sealed record OptionMember(string Key, PropertyInfo Property)
{
    /// <summary>As people write it: <c>aws_config.region</c>.</summary>
    public string Path => Key.Replace(':', '.');

    public bool IsSecret => Property.IsDefined(typeof(SecretAttribute));

    /// <summary>It has options of its own.</summary>
    public bool IsSection => Members(Property.PropertyType).Any();

    public IEnumerable<ValidationAttribute> Rules => Property.GetCustomAttributes<ValidationAttribute>();

    /// <summary>The options of a class, in the order in which it names them.</summary>
    public static IEnumerable<OptionMember> Of(Type options, string section) => Members(options).Select(property =>
    {
        var key = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name;
        return new OptionMember(section.Length == 0 ? key : $"{section}:{key}", property);
    });

    private static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties().Where(property => property.IsDefined(typeof(ConfigurationKeyNameAttribute)));
}

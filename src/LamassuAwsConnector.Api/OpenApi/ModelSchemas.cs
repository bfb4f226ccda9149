using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using FluentValidation.Validators;
using LamassuAwsConnector.Api.Endpoints;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace LamassuAwsConnector.Api.OpenApi;

/// <summary>
/// Our models have no other members than they say. Of what we answer, all are there; of what we are sent, those that the validator asks for, within the
/// limits that it sets: the document and the check can't differ.
/// </summary>
internal sealed class ModelSchemas(IServiceProvider services) : ISchemaFilter, IParameterFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } model || context.Type.Assembly != typeof(ModelSchemas).Assembly)
        {
            return;
        }

        model.AdditionalPropertiesAllowed = false;
        model.Required = new HashSet<string>(StringComparer.Ordinal);
        if (ValidatorOf(context.Type) is { } validator)
        {
            foreach (var rule in validator.CreateDescriptor().Rules.Where(rule => rule.Member is PropertyInfo))
            {
                var property = (PropertyInfo)rule.Member;
                var name = NameOf(property);
                var isOfElements = rule.TypeToValidate != property.PropertyType;
                var limited = (OpenApiSchema)(isOfElements ? properties[name].Items! : properties[name]);
                foreach (var component in rule.Components)
                {
                    Limit(limited, component.Validator);
                }

                if (!isOfElements && rule.Components.Any(component => component.Validator is INotNullValidator))
                {
                    model.Required.Add(name);
                }
            }
        }
        else
        {
            foreach (var property in context.Type.GetProperties().Where(property => properties.ContainsKey(NameOf(property))))
            {
                if (property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
                {
                    model.Required.Add(NameOf(property));
                }
                else
                {
                    ((OpenApiSchema)properties[NameOf(property)]).Type &= ~JsonSchemaType.Null;
                }
            }
        }
    }

    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter { Schema: OpenApiSchema schema })
        {
            return;
        }

        if (parameter.In == ParameterLocation.Path)
        {
            (schema.MinLength, schema.MaxLength, schema.Pattern) = (1, ObjectId.MaxLength, ObjectId.Pattern);
        }
        else if ((context.PropertyInfo ?? context.ParameterInfo?.Member) is { DeclaringType: { } type } member && ValidatorOf(type) is { } validator)
        {
            var name = context.PropertyInfo?.Name ?? member.Name;
            foreach (var component in validator.CreateDescriptor().Rules.Where(rule => rule.Member?.Name == name).SelectMany(rule => rule.Components))
            {
                Limit(schema, component.Validator);
            }

            if (name == nameof(PageQuery.PageSize))
            {
                schema.Default = PageQuery.DefaultSize;
            }
        }
    }

    private static void Limit(OpenApiSchema schema, IPropertyValidator validator)
    {
        switch (validator)
        {
            case INotNullValidator:
                schema.Type &= ~JsonSchemaType.Null;
                break;
            case ILengthValidator length when schema.Type?.HasFlag(JsonSchemaType.Array) == true:
                (schema.MinItems, schema.MaxItems) = (length.Min, length.Max);
                break;
            case ILengthValidator length:
                schema.MinLength = length.Min > 0 ? length.Min : schema.MinLength;
                schema.MaxLength = length.Max > 0 ? length.Max : schema.MaxLength;
                break;
            case IBetweenValidator between:
                (schema.Minimum, schema.Maximum) = ($"{between.From}", $"{between.To}");
                break;
            case IRegularExpressionValidator pattern:
                schema.Pattern = pattern.Expression.Replace(@"\z", "$", StringComparison.Ordinal);
                break;
        }
    }

    private IValidator? ValidatorOf(Type type) => (IValidator?)services.GetService(typeof(IValidator<>).MakeGenericType(type));

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
}

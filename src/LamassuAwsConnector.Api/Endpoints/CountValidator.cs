using FluentValidation;
using FluentValidation.Validators;

namespace LamassuAwsConnector.Api.Endpoints;

internal static class CountRules
{
    /// <summary>So many elements; a null list is left to another rule.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TElement>?> HasCount<T, TElement>(
        this IRuleBuilder<T, IReadOnlyList<TElement>?> rule, int min, int max) => rule.SetValidator(new CountValidator<T, TElement>(min, max));
}

/// <summary>What the library has for texts alone. The interface shows the limits to the document.</summary>
internal sealed class CountValidator<T, TElement>(int min, int max) : PropertyValidator<T, IReadOnlyList<TElement>?>, ILengthValidator
{
    public override string Name => "CountValidator";

    public int Min => min;

    public int Max => max;

    public override bool IsValid(ValidationContext<T> context, IReadOnlyList<TElement>? value) => value is null || (value.Count >= min && value.Count <= max);
}

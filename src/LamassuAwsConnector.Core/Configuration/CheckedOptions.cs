using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Configuration;

public static class CheckedOptions
{
    /// <summary>Options of one section, checked at start by their attributes. Rules across options are validators beside it.</summary>
    /// <param name="section">Its key; "" for the top of the file.</param>
    /// <param name="name">For a second instance of the class.</param>
    public static IServiceCollection AddCheckedOptions<TOptions>(this IServiceCollection services, string section, string? name = null)
        where TOptions : class
    {
        services.AddOptionsWithValidateOnStart<TOptions>(name).BindConfiguration(section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, AttributeRules<TOptions>>());
        return services.Configure<AttributeRules<TOptions>.Sections>(sections => sections.Keys[name ?? ""] = section);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using LamassuAwsConnector.Core.Aws;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>Gets hold of the connector's calls of one method before they are made, for what no stand-in does.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "The proxy derives from it when it runs.")]
internal class AwsInterception : DispatchProxy
{
    private IIoTCore iot = null!;
    private string method = "";
    private Func<object?[], object?> intercept = null!;

    /// <param name="method">Of <see cref="IIoTCore"/>.</param>
    /// <param name="intercept">Takes the arguments; returns what the method would, or null to let the call pass.</param>
    public static Action<IServiceCollection> Of(string method, Func<object?[], object?> intercept) => services => services.AddSingleton(provider =>
    {
        var proxy = Create<IIoTCore, AwsInterception>();
        var interception = (AwsInterception)(object)proxy;
        interception.iot = ActivatorUtilities.CreateInstance<IoTCore>(provider);
        interception.method = method;
        interception.intercept = intercept;
        return proxy;
    });

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        (targetMethod!.Name == method ? intercept(args!) : null)
        ?? targetMethod.Invoke(iot, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
}
